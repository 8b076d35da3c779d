//! Days as forms send them and people type them.

use crate::value::tidy_line;
use jiff::civil::Date;

/// The years that an org can hold (contract 5.2).
const YEARS: std::ops::RangeInclusive<i16> = 1700..=4000;

/// Reads `2026-05-22` or `2026/05/22`; `None` for anything else, and for days that no org can hold.
pub fn read_day(typed: &str) -> Option<Date> {
    let line = tidy_line(typed).replace('/', "-");
    let mut parts = line.splitn(3, '-');
    let mut part = |length: usize| {
        let digits = parts.next().filter(|part| part.len() == length)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i16>().ok()).flatten()
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS.contains(&date.year()).then_some(date)
}
