//! From tokens to a tree, by recursive descent.

mod condition;
mod cursor;
mod expression;
mod query;
#[cfg(test)]
mod tests;

pub(crate) use query::parse;
