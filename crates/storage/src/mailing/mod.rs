//! Mails to many people, their recipients, and addresses that are left alone (S14).

pub mod freeze;
pub mod links;
pub mod mailings;
pub mod queue;
pub mod recipients;
pub mod results;
pub mod suppressions;
