//! Functions that take a part of a date.

use jiff::tz::TimeZone;

use crate::org::fiscal::Fiscal;
use crate::org::store::Org;
use crate::org::value::Value;

/// A function that takes a part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateFunction {
    /// The year.
    Year,
    /// The fiscal year.
    FiscalYear,
    /// The fiscal quarter, from 1.
    FiscalQuarter,
    /// The fiscal month, from 1.
    FiscalMonth,
    /// The quarter, from 1.
    Quarter,
    /// The month, from 1.
    Month,
    /// The day of the month.
    DayInMonth,
    /// The day of the week, Sunday being 1.
    DayInWeek,
    /// The day of the year.
    DayInYear,
    /// The week of the month; the first is that of the first seven days.
    WeekInMonth,
    /// The week of the year; the first is that of the first seven days.
    WeekInYear,
    /// The hour.
    Hour,
    /// The day of a moment.
    DayOnly,
}

impl DateFunction {
    /// Reads the name of a function.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "CALENDAR_YEAR" => DateFunction::Year,
            "CALENDAR_QUARTER" => DateFunction::Quarter,
            "CALENDAR_MONTH" => DateFunction::Month,
            "FISCAL_YEAR" => DateFunction::FiscalYear,
            "FISCAL_QUARTER" => DateFunction::FiscalQuarter,
            "FISCAL_MONTH" => DateFunction::FiscalMonth,
            "DAY_IN_MONTH" => DateFunction::DayInMonth,
            "DAY_IN_WEEK" => DateFunction::DayInWeek,
            "DAY_IN_YEAR" => DateFunction::DayInYear,
            "WEEK_IN_MONTH" => DateFunction::WeekInMonth,
            "WEEK_IN_YEAR" => DateFunction::WeekInYear,
            "HOUR_IN_DAY" => DateFunction::Hour,
            "DAY_ONLY" => DateFunction::DayOnly,
            _ => return None,
        })
    }

    /// Whether it needs a time, not just a day.
    pub(crate) fn needs_time(self) -> bool {
        matches!(self, DateFunction::Hour | DateFunction::DayOnly)
    }

    /// Applies the function; moments count in the time zone.
    pub(crate) fn apply(self, value: &Value, zone: &TimeZone, org: &Org) -> Value {
        let moment = value.as_datetime().map(|moment| moment.to_zoned_datetime(zone.clone()).datetime());
        let Some(when) = moment.or_else(|| value.as_date().map(|day| day.at(0, 0, 0, 0))) else {
            return Value::Null;
        };
        Value::Integer(match self {
            DateFunction::Year => i64::from(when.year()),
            DateFunction::Quarter => i64::from((when.month() + 2) / 3),
            DateFunction::FiscalYear => i64::from(Fiscal::of(org).year(when.date())),
            DateFunction::FiscalQuarter => i64::from(Fiscal::of(org).quarter(when.date())),
            DateFunction::FiscalMonth => i64::from(Fiscal::of(org).month(when.date())),
            DateFunction::Month => i64::from(when.month()),
            DateFunction::DayInMonth => i64::from(when.day()),
            DateFunction::DayInWeek => i64::from(when.date().weekday().to_sunday_one_offset()),
            DateFunction::DayInYear => i64::from(when.date().day_of_year()),
            DateFunction::WeekInMonth => i64::from((when.day() - 1) / 7 + 1),
            DateFunction::WeekInYear => i64::from((when.date().day_of_year() - 1) / 7 + 1),
            DateFunction::Hour => i64::from(when.hour()),
            DateFunction::DayOnly => return Value::Date(when.date()),
        })
    }
}
