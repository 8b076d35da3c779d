//! Mailings and what comes back of them, as the console, the API and readers change them (S14).

pub(crate) mod changes;
pub(crate) mod compose;
pub(crate) mod reports;
pub(crate) mod settings;
pub(crate) mod test_mail;
pub(crate) mod unsubscribe;
