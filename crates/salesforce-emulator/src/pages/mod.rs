//! Pages for people: signing in, and a look into the org.

mod language;
mod org;
mod render;
mod sign_in;
mod style;
mod words;

pub(crate) use language::Language;
pub(crate) use org::{by_id, by_name, controls, home, list, requests, search};
pub(crate) use sign_in::{consent, device, login, oauth_error};
pub(crate) use style::style;
