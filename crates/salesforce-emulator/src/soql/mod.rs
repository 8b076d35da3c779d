//! SOQL: reading it, printing it, and answering it from the org's records. No HTTP, no clock.

mod aggregate;
pub(crate) mod aggregation;
pub(crate) mod ast;
mod columns;
mod compile;
mod dates;
pub(crate) mod error;
pub(crate) mod eval;
pub(crate) mod lexer;
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
