//! `/composite`: several calls in one, each able to use the answers of those before it.

mod reference;
mod request;
mod run;

pub(super) use run::post;
