//! Reading CSV as Bulk API 2.0 writes it (contract 4.2, 4.3).

mod error;
mod reader;
mod row;

pub use error::CsvError;
pub use reader::CsvReader;
pub use row::CsvRow;
