//! Public holidays of Japan (国民の祝日), by the rules of the law (B1).

use jiff::civil::{Date, Weekday, date};

/// The years that the rules cover; holidays of later years are announced a year before.
const YEARS: std::ops::RangeInclusive<i16> = 2007..=2099;

/// Whether a day is a public holiday of Japan, substitute and in-between holidays included; `false` outside of
/// 2007 to 2099.
pub fn is_japanese_holiday(day: Date) -> bool {
    if !YEARS.contains(&day.year()) {
        return false;
    }
    is_named(day) || is_substitute(day) || is_between(day)
}

/// A holiday that the law names or that was proclaimed for one year.
fn is_named(day: Date) -> bool {
    let (year, month, number) = (day.year(), day.month(), day.day());
    let nth_monday = |nth: i8| day.weekday() == Weekday::Monday && (number - 1) / 7 + 1 == nth;
    match month {
        1 => number == 1 || nth_monday(2),
        2 => number == 11 || (number == 23 && year >= 2020),
        3 => number == equinox(year, 20.8431),
        4 => number == 29 || (year == 2019 && number == 30),
        5 => matches!(number, 3..=5) || (year == 2019 && matches!(number, 1 | 2)),
        7 => match year {
            2020 => matches!(number, 23 | 24),
            2021 => matches!(number, 22 | 23),
            _ => nth_monday(3),
        },
        8 => match year {
            ..2016 => false,
            2020 => number == 10,
            2021 => number == 8,
            _ => number == 11,
        },
        9 => nth_monday(3) || number == equinox(year, 23.2488),
        10 => match year {
            2019 => nth_monday(2) || number == 22,
            2020 | 2021 => false,
            _ => nth_monday(2),
        },
        11 => matches!(number, 3 | 23),
        12 => number == 23 && year <= 2018,
        _ => false,
    }
}

/// The day of an equinox, by the formula of the national observatory for 1980 to 2099.
fn equinox(year: i16, base: f64) -> i8 {
    let years = f64::from(year - 1980);
    #[expect(clippy::cast_possible_truncation, reason = "a day of a month")]
    let day = (base + 0.242_194 * years - f64::from((year - 1980) / 4)).floor() as i8;
    day
}

/// The first day after a holiday on a Sunday that is no holiday itself.
fn is_substitute(day: Date) -> bool {
    let mut before = day;
    while let Ok(previous) = before.yesterday() {
        if !is_named(previous) {
            return false;
        }
        if previous.weekday() == Weekday::Sunday {
            return true;
        }
        before = previous;
    }
    false
}

/// A day between two holidays.
fn is_between(day: Date) -> bool {
    let named = |day: Result<Date, jiff::Error>| day.is_ok_and(is_named);
    named(day.yesterday())
        && named(day.tomorrow())
        && day != date(2019, 4, 30)
        && day.weekday() != Weekday::Sunday
}
