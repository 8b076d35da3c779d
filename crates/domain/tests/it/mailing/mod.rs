//! Mails to many people: the rules as tables (S14).

mod content;
mod reports;
mod sending;
