//! Pages for people: signing in, and a look into the org.

mod language;
mod render;
mod sign_in;
mod style;
mod words;

pub(crate) use language::Language;
pub(crate) use sign_in::{consent, login, oauth_error};
pub(crate) use style::style;
