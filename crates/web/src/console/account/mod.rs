//! Signing in, the own password, the language.

pub mod language;
pub mod password;
pub mod sign_in;
