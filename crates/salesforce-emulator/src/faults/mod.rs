//! Faults on request: which requests go wrong, and how.

mod kind;
mod plan;

pub(crate) use kind::{Fault, Kind, StatusAnswer, StatusBody};
pub(crate) use plan::{Faults, Hit};
