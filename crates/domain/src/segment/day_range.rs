//! The days that a word such as `last_n_days:30` stands for, as Salesforce counts them.

use crate::condition::RelativeDay;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

impl DayRange {
    /// One day.
    pub const fn of(day: Date) -> Self {
        Self { from: day, to: day }
    }

    /// So many days before today, and today.
    pub fn last_days(today: Date, days: u32) -> Self {
        Self { from: moved(today, -i64::from(days)), to: today }
    }

    /// The days of a word, counted from today. Weeks begin on Sunday, as they do in Salesforce in Japan.
    pub fn relative(word: RelativeDay, today: Date) -> Self {
        let days = i64::from(word.days().unwrap_or(0));
        let week = moved(today, -i64::from(today.weekday().to_sunday_zero_offset()));
        let month = today.first_of_month();
        let quarter = added(month, (-i64::from((today.month() - 1) % 3)).months());
        let year = today.first_of_year();
        match word.word() {
            "yesterday" => Self::of(moved(today, -1)),
            "tomorrow" => Self::of(moved(today, 1)),
            "this_week" => Self { from: week, to: moved(week, 6) },
            "last_week" => Self { from: moved(week, -7), to: moved(week, -1) },
            "next_week" => Self { from: moved(week, 7), to: moved(week, 13) },
            "this_month" => Self::months(month, 0, 1),
            "last_month" => Self::months(month, -1, 1),
            "next_month" => Self::months(month, 1, 1),
            "this_quarter" => Self::months(quarter, 0, 3),
            "last_quarter" => Self::months(quarter, -3, 3),
            "next_quarter" => Self::months(quarter, 3, 3),
            "this_year" => Self::months(year, 0, 12),
            "last_year" => Self::months(year, -12, 12),
            "next_year" => Self::months(year, 12, 12),
            "last_n_days" => Self { from: moved(today, -days), to: today },
            "next_n_days" => Self { from: moved(today, 1), to: moved(today, days) },
            "n_days_ago" => Self::of(moved(today, -days)),
            _ => Self::of(today),
        }
    }

    fn months(start: Date, away: i64, length: i64) -> Self {
        Self { from: added(start, away.months()), to: moved(added(start, (away + length).months()), -1) }
    }
}

fn moved(day: Date, days: i64) -> Date {
    added(day, days.days())
}

fn added(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}
