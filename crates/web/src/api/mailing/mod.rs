//! Mailings and the settings of their sender (S14).

pub mod mailings;
pub mod recipients;
pub mod response;
pub mod sending;
pub mod settings;
