//! Sending mailings (S14).

pub(crate) mod connections;
pub(crate) mod message;
pub(crate) mod sending;
pub(crate) mod test_mail;
pub(crate) mod turn;
pub(crate) mod worker;
