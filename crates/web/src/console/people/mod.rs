//! The customer database and its sync (顧客データ同期; S).

pub mod list;
pub mod person;
pub mod sync;
