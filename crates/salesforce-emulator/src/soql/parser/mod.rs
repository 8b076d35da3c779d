//! From tokens to a tree, by recursive descent.

mod condition;
mod cursor;
mod query;

pub(crate) use query::parse;
