//! SOSL: searching for words in many objects at once.

mod find;
mod parse;
mod terms;

pub(crate) use find::{Found, search};
pub(crate) use parse::{Scope, Search, Target, read};
