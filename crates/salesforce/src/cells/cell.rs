//! One value.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::SalesforceId;

/// One value of a row, borrowed from what was read.
///
/// An org stores no empty texts, and Bulk shows null as one: an empty text is [`Cell::Null`] from either side. Any
/// other text is itself, be it `null`, `NA` or `NaN`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value, or no parent to have one.
    Null,
    /// Text of any kind, picklist values included, exactly as stored.
    Text(&'a str),
    /// A check box.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    ///
    /// The API's own type for these is the IEEE double, which both transports print so that it reads back to the
    /// same bits. Keeping the text instead would make `3.0` and `3` differ without being any more exact.
    Decimal(f64),
    /// A day.
    Date(Date),
    /// A moment, the same instant whether it was written with `Z` or `+0000`.
    DateTime(Timestamp),
    /// A time of day.
    Time(Time),
    /// An id, in its 18-character form.
    Id(SalesforceId),
}
