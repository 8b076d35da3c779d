//! The customer database and its sync (顧客データ同期; S).

pub mod field_rows;
pub mod fields;
pub mod filter_rows;
pub mod identity;
pub mod import;
pub mod list;
pub mod person;
pub mod preview;
pub mod settings;
pub mod sync;
