//! Dates relative to today, such as `THIS_MONTH` or `LAST_N_DAYS:3`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::org::fiscal::Fiscal;

/// A span of days, the last one not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) until: Date,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    FiscalQuarter,
    FiscalYear,
}

const UNITS: [(&str, Unit); 7] = [
    ("DAY", Unit::Day),
    ("WEEK", Unit::Week),
    ("MONTH", Unit::Month),
    ("FISCAL_QUARTER", Unit::FiscalQuarter),
    ("QUARTER", Unit::Quarter),
    ("FISCAL_YEAR", Unit::FiscalYear),
    ("YEAR", Unit::Year),
];

enum Shape {
    /// So many units away from the current one.
    Fixed(i64, Unit),
    /// From so many days ago (or ahead) for 90 days.
    Ninety(bool),
    /// The last (or next) n units.
    Run { last: bool, unit: Unit },
    /// The unit n before the current one.
    Ago(Unit),
}

fn shape(name: &str) -> Option<Shape> {
    match name {
        "YESTERDAY" => return Some(Shape::Fixed(-1, Unit::Day)),
        "TODAY" => return Some(Shape::Fixed(0, Unit::Day)),
        "TOMORROW" => return Some(Shape::Fixed(1, Unit::Day)),
        "LAST_90_DAYS" => return Some(Shape::Ninety(true)),
        "NEXT_90_DAYS" => return Some(Shape::Ninety(false)),
        _ => {}
    }
    let unit = |text: &str| UNITS.iter().find(|(known, _)| *known == text).map(|(_, unit)| *unit);
    let units = |text: &str| text.strip_suffix('S').and_then(unit);
    if let Some(rest) = name.strip_prefix("LAST_N_") {
        return Some(Shape::Run { last: true, unit: units(rest)? });
    }
    if let Some(rest) = name.strip_prefix("NEXT_N_") {
        return Some(Shape::Run { last: false, unit: units(rest)? });
    }
    if let Some(rest) = name.strip_prefix("N_") {
        return Some(Shape::Ago(units(rest.strip_suffix("_AGO")?)?));
    }
    for (prefix, away) in [("LAST_", -1), ("THIS_", 0), ("NEXT_", 1)] {
        if let Some(unit) = name.strip_prefix(prefix).and_then(unit).filter(|unit| *unit != Unit::Day) {
            return Some(Shape::Fixed(away, unit));
        }
    }
    None
}

/// Whether a relative date is followed by a number; `None` when there is no such relative date.
pub(super) fn takes_number(name: &str) -> Option<bool> {
    Some(matches!(shape(name)?, Shape::Run { .. } | Shape::Ago(_)))
}

/// The days a relative date stands for.
pub(super) fn days(
    name: &str,
    number: Option<u32>,
    now: Timestamp,
    zone: &TimeZone,
    fiscal: Fiscal,
) -> Option<Days> {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let number = i64::from(number.unwrap_or(0)).min(40_000);
    let span = |from: Option<Date>, until: Option<Date>| Some(Days { from: from?, until: until? });
    let at = |unit: Unit, away: i64| start(today, unit, fiscal).checked_add(length(unit, away)).ok();
    match shape(name)? {
        Shape::Fixed(away, unit) => span(at(unit, away), at(unit, away + 1)),
        Shape::Ninety(true) => span(at(Unit::Day, -90), at(Unit::Day, 1)),
        Shape::Ninety(false) => span(at(Unit::Day, 1), at(Unit::Day, 91)),
        // Only days count the current one in.
        Shape::Run { last: true, unit: Unit::Day } => span(at(Unit::Day, -number), at(Unit::Day, 1)),
        Shape::Run { last: true, unit } => span(at(unit, -number), at(unit, 0)),
        Shape::Run { last: false, unit } => span(at(unit, 1), at(unit, number + 1)),
        Shape::Ago(unit) => span(at(unit, -number), at(unit, 1 - number)),
    }
}

fn start(day: Date, unit: Unit, fiscal: Fiscal) -> Date {
    match unit {
        Unit::Day => day,
        Unit::Week => day.saturating_sub(i64::from(day.weekday().to_sunday_zero_offset()).days()),
        Unit::Month => day.first_of_month(),
        Unit::Quarter => {
            let into = i64::from((day.month() - 1) % 3);
            day.first_of_month().saturating_sub(into.months())
        }
        Unit::Year => day.first_of_year(),
        Unit::FiscalQuarter => {
            let into = i64::from((fiscal.month(day) - 1) % 3);
            day.first_of_month().saturating_sub(into.months())
        }
        Unit::FiscalYear => day.first_of_month().saturating_sub(i64::from(fiscal.month(day) - 1).months()),
    }
}

fn length(unit: Unit, number: i64) -> Span {
    match unit {
        Unit::Day => number.days(),
        Unit::Week => number.min(20_000).weeks(),
        Unit::Month => number.months(),
        Unit::Quarter | Unit::FiscalQuarter => (3 * number).months(),
        Unit::Year | Unit::FiscalYear => number.clamp(-9_000, 9_000).years(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn relative_dates_use_user_time_zone() {
        // 20:00 UTC on a Friday is already Saturday in Tokyo.
        let now: Timestamp = "2026-05-22T20:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let fiscal = Fiscal::from_month(4);
        for (name, number, from, until) in [
            ("TODAY", None, date(2026, 5, 23), date(2026, 5, 24)),
            ("LAST_N_DAYS", Some(2), date(2026, 5, 21), date(2026, 5, 24)),
            ("NEXT_N_DAYS", Some(2), date(2026, 5, 24), date(2026, 5, 26)),
            ("THIS_WEEK", None, date(2026, 5, 17), date(2026, 5, 24)),
            ("LAST_MONTH", None, date(2026, 4, 1), date(2026, 5, 1)),
            ("THIS_QUARTER", None, date(2026, 4, 1), date(2026, 7, 1)),
            ("LAST_N_MONTHS", Some(2), date(2026, 3, 1), date(2026, 5, 1)),
            ("N_DAYS_AGO", Some(3), date(2026, 5, 20), date(2026, 5, 21)),
            ("NEXT_YEAR", None, date(2027, 1, 1), date(2028, 1, 1)),
            ("THIS_FISCAL_YEAR", None, date(2026, 4, 1), date(2027, 4, 1)),
            ("LAST_FISCAL_QUARTER", None, date(2026, 1, 1), date(2026, 4, 1)),
            ("NEXT_N_FISCAL_YEARS", Some(2), date(2027, 4, 1), date(2029, 4, 1)),
        ] {
            assert_eq!(days(name, number, now, &zone, fiscal), Some(Days { from, until }), "{name}");
        }
        assert_eq!(takes_number("LAST_N_DAYS"), Some(true));
        assert_eq!(takes_number("SOMEDAY"), None);
        // A number beyond all calendars must not panic.
        let _ = days("LAST_N_YEARS", Some(u32::MAX), now, &zone, fiscal);
    }
}
