//! Sending what happened to people: Slack and e-mail (N1).

pub(crate) mod mail;
pub(crate) mod sending;
mod slack;
pub(crate) mod trial;
pub(crate) mod worker;
mod writer;

pub use mail::{MailServer, MailServerError};
pub use writer::Renderer;
