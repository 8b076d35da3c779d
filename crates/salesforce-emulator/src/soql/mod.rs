//! SOQL: reading it, printing it, and answering it from the org's records. No HTTP, no clock.

mod activity_lists;
mod aggregate;
pub(crate) mod aggregation;
pub(crate) mod ast;
mod columns;
mod compile;
mod dates;
mod distance;
pub(crate) mod error;
pub(crate) mod eval;
mod format;
pub(crate) mod lexer;
mod limits;
pub(crate) mod parser;
pub(crate) mod plan;
pub(crate) mod prepare;
pub(crate) mod prepared;
mod print;
pub(crate) mod project;
pub(crate) mod resolve;
mod scope;
mod semi_join;
pub(crate) mod write;
