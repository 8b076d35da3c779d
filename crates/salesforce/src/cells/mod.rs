//! Typed values, the same whichever API they came through (contract 2.9, 4.3).

mod cell;
mod cell_type;
mod column;
mod columns;
pub(crate) mod moment;
mod number;

pub use cell::Cell;
pub use cell_type::CellType;
pub use column::{CellError, Column};
pub use columns::{Columns, ColumnsError};
