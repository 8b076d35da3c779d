//! Texts of queries that no value can break out of (contract 5.1, 5.2).

mod condition;
mod date_literal;
mod decimal;
mod error;
mod literal;
mod select;

pub use condition::{Compare, Condition};
pub use date_literal::DateLiteral;
pub use decimal::Decimal;
pub use error::SoqlError;
pub use literal::{Literal, escape_like, quote};
pub use select::Select;
