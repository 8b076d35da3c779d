//! Days and moments that conditions compare with: a day of the calendar, one counted from today, a moment.

use crate::condition::{Compare, Filter, FilterValue, Operator, RelativeDay};
use crate::org::FieldPath;
use crate::value::{Timestamp, tidy_line};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;

/// The years that an org can compare with (contract 5.2).
const YEARS: std::ops::RangeInclusive<i16> = 1700..=4000;
/// Characters of a day as it is typed; what is longer is a moment.
const MAX_DAY: usize = 10;

/// A day or moment as a condition names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparedDay {
    /// A day of the calendar.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// A day or span counted from today.
    Relative(RelativeDay),
}

impl ComparedDay {
    /// Reads `2026-05-22`, `2026/5/22`, `this_month`, and moments where they make sense.
    pub fn parse(typed: &str, with_moments: bool) -> Option<Self> {
        let line = tidy_line(typed);
        if let Some(relative) = RelativeDay::parse(&line) {
            return Some(Self::Relative(relative));
        }
        if line.len() <= MAX_DAY {
            return read_day(&line).filter(|day| YEARS.contains(&day.year())).map(Self::Day);
        }
        Timestamp::parse(&line).filter(|_| with_moments).map(Self::Moment)
    }

    /// What a field that holds days is compared with.
    pub const fn scalar(self) -> FilterValue {
        match self {
            Self::Day(day) => FilterValue::Day(day),
            Self::Relative(relative) => FilterValue::Relative(relative),
            Self::Moment(moment) => FilterValue::Moment(moment),
        }
    }

    fn span(self, zone: &TimeZone) -> Option<Span> {
        let begin = |day: Date| {
            let zoned = day.to_zoned_datetime(zone.clone()).ok()?;
            Some(Timestamp::from_jiff(zoned.timestamp()))
        };
        match self {
            Self::Day(day) => Some(Span::Day(begin(day)?, begin(day.tomorrow().ok()?)?)),
            other => Some(Span::Other(other.scalar())),
        }
    }
}

impl fmt::Display for ComparedDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
            Self::Relative(relative) => relative.fmt(f),
        }
    }
}

/// Months and days may have one digit, as people type them.
fn read_day(line: &str) -> Option<Date> {
    let line = line.replace('/', "-");
    let digits =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok());
    let mut parts = line.splitn(3, '-').map(|part| digits(part).flatten());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The same for a field that holds moments.
enum Span {
    /// From the first moment up to, without, the second.
    Day(Timestamp, Timestamp),
    /// What the org itself understands as a whole.
    Other(FilterValue),
}

impl Span {
    fn from(&self, compare: Compare) -> (Compare, FilterValue) {
        match self {
            Self::Day(begin, _) => (compare, FilterValue::Moment(*begin)),
            Self::Other(scalar) => (compare, scalar.clone()),
        }
    }

    /// A day ends where the next begins, so "up to it" is "before the next".
    fn until(&self, compare: Compare) -> (Compare, FilterValue) {
        match self {
            Self::Day(_, end) if compare == Compare::LessOrEqual => {
                (Compare::Less, FilterValue::Moment(*end))
            }
            Self::Day(_, end) => (Compare::GreaterOrEqual, FilterValue::Moment(*end)),
            Self::Other(_) => self.from(compare),
        }
    }
}

/// Compares a field that holds moments with days in a zone; `None` for a day that no calendar reaches.
pub fn compare_date_times(
    path: &FieldPath,
    operator: Operator,
    days: &[ComparedDay],
    zone: &TimeZone,
) -> Option<Filter> {
    let spans: Vec<Span> = days.iter().map(|day| day.span(zone)).collect::<Option<_>>()?;
    let (first, last) = (spans.first()?, spans.last()?);
    let part = |(compare, value)| Filter::Compare { path: path.clone(), compare, value };
    let single = matches!(first, Span::Other(_));
    Some(match operator {
        Operator::Before => part(first.from(Compare::Less)),
        Operator::After => part(first.until(Compare::Greater)),
        Operator::OnOrBefore => part(first.until(Compare::LessOrEqual)),
        Operator::OnOrAfter => part(first.from(Compare::GreaterOrEqual)),
        Operator::NotEquals if single => part(first.from(Compare::NotEqual)),
        Operator::NotEquals => Filter::Any(vec![
            part(first.from(Compare::Less)),
            part(first.until(Compare::Greater)),
            Filter::Blank(path.clone()),
        ]),
        Operator::On | Operator::Equals if single => part(first.from(Compare::Equal)),
        _ => Filter::All(vec![
            part(first.from(Compare::GreaterOrEqual)),
            part(last.until(Compare::LessOrEqual)),
        ]),
    })
}
