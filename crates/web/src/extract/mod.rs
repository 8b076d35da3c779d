//! Parts of requests that many handlers read: the session, the form, the language.

pub mod form;
pub mod language;
pub mod same_origin;
pub mod session;
