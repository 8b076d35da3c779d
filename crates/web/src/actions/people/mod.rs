//! People of the customer database and their sync, as the console and the API both change them (S).

pub(crate) mod conflict;
pub(crate) mod dossier;
pub(crate) mod fields;
pub(crate) mod from_answers;
pub(crate) mod import;
pub(crate) mod import_file;
pub(crate) mod merge;
pub(crate) mod person;
pub(crate) mod sync;
mod write_values;
