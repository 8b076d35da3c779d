//! Who is calling: sessions, API keys, passwords, sign-in limits.

pub mod api_caller;
pub mod api_scope;
pub mod password_hash;
pub mod posted;
pub mod session;
pub mod sign_in_limit;
pub(crate) mod upload;
