//! Dates that are counted from today: `THIS_MONTH`, `LAST_N_DAYS:30` (contract 5.2).

use std::fmt;

/// Those that stand by themselves.
const PLAIN: [&str; 23] = [
    "YESTERDAY",
    "TODAY",
    "TOMORROW",
    "LAST_WEEK",
    "THIS_WEEK",
    "NEXT_WEEK",
    "LAST_MONTH",
    "THIS_MONTH",
    "NEXT_MONTH",
    "LAST_QUARTER",
    "THIS_QUARTER",
    "NEXT_QUARTER",
    "LAST_YEAR",
    "THIS_YEAR",
    "NEXT_YEAR",
    "LAST_FISCAL_QUARTER",
    "THIS_FISCAL_QUARTER",
    "NEXT_FISCAL_QUARTER",
    "LAST_FISCAL_YEAR",
    "THIS_FISCAL_YEAR",
    "NEXT_FISCAL_YEAR",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
];
/// Those that take a number.
const COUNTED: [&str; 3] = ["LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO"];

/// A date or span of dates relative to today, in the user's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateLiteral {
    name: &'static str,
    number: Option<u32>,
}

impl DateLiteral {
    /// One by its name in any case, with a number where it takes one; `None` for any other.
    pub fn new(name: &str, number: Option<u32>) -> Option<Self> {
        let names: &'static [&'static str] = if number.is_some() { &COUNTED } else { &PLAIN };
        names.iter().find(|known| known.eq_ignore_ascii_case(name)).map(|name| Self { name, number })
    }
}

impl fmt::Display for DateLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            None => f.write_str(self.name),
            Some(number) => write!(f, "{}:{number}", self.name),
        }
    }
}
