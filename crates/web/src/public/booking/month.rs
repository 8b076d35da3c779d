//! The month beside the list of times: which days have open times.

use crate::public::booking::url::{CarriedParams, days_path};
use crate::text::translator::Translator;
use domain::booking::BookingPage;
use domain::value::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Open times by day.
pub type OpenDays = BTreeMap<Date, Vec<Timestamp>>;

/// One field of the calendar.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The day's number.
    pub number: i8,
    /// Where its times are; empty when it has none.
    pub address: String,
    /// What a screen reader says.
    pub label: String,
    /// Its times are the first in the list.
    pub current: bool,
}

/// A month as a table, Sundays first.
#[derive(Clone, Debug)]
pub struct Month {
    /// The month's name.
    pub name: String,
    /// Seven fields each; `None` before the first and after the last day.
    pub weeks: Vec<Vec<Option<Cell>>>,
    /// The short names of the days, each with its class.
    pub weekdays: Vec<(&'static str, String)>,
    /// The month before, when it has days from today on.
    pub before: Option<String>,
    /// The month after, when it can be booked.
    pub after: Option<String>,
}

impl Month {
    /// The month of `shown`, between today and the last day that can be booked.
    pub fn new(
        t: &Translator,
        page: &BookingPage,
        carried: &CarriedParams,
        shown: Date,
        (today, last): (Date, Date),
        open: &OpenDays,
    ) -> Self {
        let first = shown.first_of_month();
        let link = |day: Date| carried.on(&days_path(page), Some(("day", day.to_string())));
        let cell = |day: Date| {
            let times = open.get(&day).map_or(0, Vec::len);
            let name = t.day(day);
            Cell {
                number: day.day(),
                address: if times > 0 { link(day) } else { String::new() },
                label: t.sentence("month-day-label", [("day", name), ("count", times.to_string())]),
                current: day == shown,
            }
        };
        let lead = usize::from(first.weekday().to_sunday_zero_offset().unsigned_abs());
        let days =
            first.series(jiff::Span::new().days(1)).take(usize::from(first.days_in_month().unsigned_abs()));
        let mut fields: Vec<Option<Cell>> = vec![None; lead];
        fields.extend(days.map(|day| Some(cell(day))));
        fields.resize(fields.len().next_multiple_of(7), None);
        let after = first.last_of_month().tomorrow().ok().filter(|day| *day <= last);
        let before = first.yesterday().ok().filter(|day| *day >= today);
        Self {
            name: t.sentence(
                "month-name",
                [
                    ("year", first.year().to_string()),
                    ("month", first.month().to_string()),
                    ("name", first.strftime("%B").to_string()),
                ],
            ),
            weeks: fields.chunks(7).map(<[_]>::to_vec).collect(),
            weekdays: weekdays(t),
            before: before.map(|day| link(day.first_of_month().max(today))),
            after: after.map(link),
        }
    }
}

fn weekdays(t: &Translator) -> Vec<(&'static str, String)> {
    ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        .into_iter()
        .map(|name| (if matches!(name, "sun" | "sat") { name } else { "" }, t.word("weekday", name)))
        .collect()
}

/// The class that colours Saturdays and Sundays; the weekday stands in the text as well.
pub fn day_class(day: Date) -> &'static str {
    match day.weekday() {
        jiff::civil::Weekday::Saturday => "sat",
        jiff::civil::Weekday::Sunday => "sun",
        _ => "",
    }
}
