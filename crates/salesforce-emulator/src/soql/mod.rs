//! SOQL: reading it, printing it, and answering it from the org's records. No HTTP, no clock.

mod aggregate;
pub(crate) mod ast;
mod compile;
mod dates;
pub(crate) mod error;
pub(crate) mod eval;
pub(crate) mod lexer;
pub(crate) mod parser;
pub(crate) mod plan;
pub(crate) mod prepare;
mod print;
pub(crate) mod project;
pub(crate) mod resolve;
mod scope;
pub(crate) mod write;
