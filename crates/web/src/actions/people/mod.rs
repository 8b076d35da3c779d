//! People of the customer database and their sync, as the console and the API both change them (S).

pub(crate) mod conflict;
pub(crate) mod fields;
pub(crate) mod person;
pub(crate) mod sync;
