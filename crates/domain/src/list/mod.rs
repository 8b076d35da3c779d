//! What every list of the console can do: tabs, search, filters, sorting, columns, and pages both ways.

mod request;
mod spec;

pub use request::{Key, Position, Request};
pub use spec::{Column, Direction, Filter, FilterKind, Spec};
