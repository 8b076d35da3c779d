//! Members, accounts, API keys and the audit log.

pub mod accounts;
pub mod api_keys;
pub mod audit_log;
pub mod brand;
pub mod members;
pub mod members_page;
pub mod people_list;
pub mod turns;
