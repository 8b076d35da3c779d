//! Mailings (一斉メール; S14).

mod editor;
pub mod list;
pub mod new;
pub mod preview;
pub mod recipients;
pub mod sending;
pub mod settings;
pub mod show;
