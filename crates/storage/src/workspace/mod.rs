//! Workspaces, accounts, API keys, the audit log, teams and settings.

pub mod accounts;
pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod settings;
pub mod teams;
pub mod workspaces;
