//! Ways out to people: mail and Slack.

pub(crate) mod mail;
pub(crate) mod renderer;
pub(crate) mod send_error;
pub(crate) mod slack;
pub(crate) mod smtp;
