//! Lists of the console: one way to select a page of rows, forwards and backwards, from any table.

mod conditions;
mod select;
pub mod views;

pub(crate) use conditions::{Conditions, contains};
pub use select::{COUNTED, Page};
pub(crate) use select::{Select, Sort};
