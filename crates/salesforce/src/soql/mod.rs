//! Texts of queries that no value can break out of (contract 5.1, 5.2).

mod condition;
mod literal;
mod select;

pub use condition::{Compare, Condition};
pub use literal::{Literal, escape_like, quote};
pub use select::{Select, SoqlError};
