//! `/composite`: several calls in one, each able to use the answers of those before it.

pub(super) mod graph;
mod reference;
mod request;
mod run;
pub(super) mod tree;

pub(super) use run::post;
