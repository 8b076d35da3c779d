//! Why bytes are not the CSV they should be.

/// Why a table cannot be read on.
///
/// Rows are counted from 1, the header being row 1. No message holds a value, which can be personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// The end came before a header.
    #[error("the table has no header")]
    NoHeader,
    /// A row with another number of values than the header has.
    #[error("row {row} has {found} values, not {expected}")]
    Width {
        /// The row.
        row: u64,
        /// Values in the header.
        expected: usize,
        /// Values in this row; one more than expected stands for any larger number.
        found: usize,
    },
    /// Bytes that are no UTF-8, which is the only charset a table comes in.
    #[error("row {row} is not UTF-8")]
    NotUtf8 {
        /// The row.
        row: u64,
    },
    /// A quote inside a value that does not begin with one, or text behind the closing quote.
    #[error("row {row} has a quote in the wrong place")]
    Quote {
        /// The row.
        row: u64,
    },
    /// A carriage return without a line feed behind it, outside quotes.
    #[error("row {row} has a carriage return without a line feed")]
    CarriageReturn {
        /// The row.
        row: u64,
    },
    /// The end came inside quotes.
    #[error("the table ends inside the quotes of row {row}")]
    OpenQuote {
        /// The row.
        row: u64,
    },
    /// More bytes in one row than the reader was told to hold.
    #[error("row {row} is longer than {limit} bytes")]
    TooLong {
        /// The row.
        row: u64,
        /// The most bytes of a row.
        limit: usize,
    },
}
