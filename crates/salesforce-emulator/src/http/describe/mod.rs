//! `/sobjects` and `/sobjects/{object}/describe`: what the org knows about its objects.

mod field;
mod object;
mod resource;

pub(super) use resource::{basic, dated, full, global};
