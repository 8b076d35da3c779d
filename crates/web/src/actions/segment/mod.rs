//! Segments of people, as the console and the API both save, count and explain them (S14).

pub(crate) mod count;
pub(crate) mod file;
pub(crate) mod membership;
pub(crate) mod segment;
