//! Which times of a booking page can be booked (B1, B3).

use crate::booking::{Attendance, BookingPage, local};
use crate::value::{MemberId, Timestamp};
use std::collections::{HashMap, HashSet};

/// Minutes of one cell of a member's calendar. Starts and lengths are multiples of it, so that two
/// meetings overlap exactly when they share a cell; the database keeps each cell once (B3).
pub const CELL_MINUTES: i64 = 5;

/// Why a start time can't be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotProblem {
    /// It is over, or nearer than the page's notice.
    #[error("too soon")]
    TooSoon,
    /// It is further away than the page's window.
    #[error("too late")]
    TooFar,
    /// The page has no such start: other hours, other weekday, or between two starts.
    #[error("not one of the page's times")]
    NotOffered,
}

impl SlotProblem {
    /// The word for the API and the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooSoon => "slot-too-soon",
            Self::TooFar => "slot-too-far",
            Self::NotOffered => "slot-not-offered",
        }
    }
}

/// The numbers of the calendar cells that a meeting fills.
pub fn cells(start: Timestamp, end: Timestamp) -> Vec<i64> {
    let cell = CELL_MINUTES * 60;
    (start.seconds().div_euclid(cell)..end.plus_seconds(cell - 1).seconds().div_euclid(cell)).collect()
}

/// The end of a meeting that starts then.
pub fn end_of(page: &BookingPage, start: Timestamp) -> Timestamp {
    start.plus_minutes(i64::from(page.slot_minutes))
}

/// Checks that the page offers this start at all; whether someone is free is another question.
pub fn check_slot(page: &BookingPage, start: Timestamp, now: Timestamp) -> Result<(), SlotProblem> {
    check_distance(page, start, now)?;
    let day = local(start, &page.time_zone).date();
    if starts_on(page, day).contains(&start) { Ok(()) } else { Err(SlotProblem::NotOffered) }
}

fn check_distance(page: &BookingPage, start: Timestamp, now: Timestamp) -> Result<(), SlotProblem> {
    if start < now.plus_minutes(i64::from(page.notice_minutes)) {
        return Err(SlotProblem::TooSoon);
    }
    if start > now.plus_minutes(i64::from(page.window_days) * 24 * 60) {
        return Err(SlotProblem::TooFar);
    }
    Ok(())
}

/// Every start that the page's hours give on a day of its zone, earliest first.
pub fn starts_on(page: &BookingPage, day: jiff::civil::Date) -> Vec<Timestamp> {
    if page.is_closed_on(day) {
        return Vec::new();
    }
    let zone = jiff::tz::TimeZone::get(&page.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let weekday = day.weekday().to_monday_one_offset();
    let length = page.slot_minutes.max(5);
    let mut starts: Vec<Timestamp> = page
        .hours
        .iter()
        .filter(|hours| hours.weekday == weekday)
        .flat_map(|hours| {
            let last = hours.to.saturating_sub(length);
            (hours.from..=last).step_by(usize::from(length)).filter(move |_| hours.to >= length)
        })
        .filter_map(|minute| {
            let hour = i8::try_from(minute / 60).ok()?;
            let civil = day.at(hour, i8::try_from(minute % 60).ok()?, 0, 0);
            let ambiguous = zone.to_ambiguous_timestamp(civil);
            // A time that the clocks jump over doesn't exist that day.
            if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
                return None;
            }
            ambiguous.earlier().ok().map(Timestamp::from_jiff)
        })
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Cells that are taken, by member.
pub type BusyCells = HashMap<MemberId, HashSet<i64>>;

/// The members who are free for a meeting, in the page's order.
pub fn free_members(page: &BookingPage, start: Timestamp, taken: &BusyCells) -> Vec<MemberId> {
    let wanted = cells(start, end_of(page, start));
    page.members
        .iter()
        .filter(|member| {
            taken.get(member).is_none_or(|taken| !wanted.iter().any(|cell| taken.contains(cell)))
        })
        .copied()
        .collect()
}

/// Whether enough members are free: one, or all of them, as the page says.
pub fn is_free(page: &BookingPage, start: Timestamp, taken: &BusyCells) -> bool {
    let free = free_members(page, start, taken).len();
    match page.attendance {
        Attendance::Any | Attendance::Turn => free > 0,
        Attendance::All => free > 0 && free == page.members.len(),
    }
}

/// Starts that can be booked on the days from `first`, grouped by day of the page's zone; days without are left out.
pub fn open_days(
    page: &BookingPage,
    first: jiff::civil::Date,
    days: u16,
    now: Timestamp,
    taken: &BusyCells,
) -> Vec<(jiff::civil::Date, Vec<Timestamp>)> {
    first
        .series(jiff::Span::new().days(1))
        .take(usize::from(days))
        .filter_map(|day| {
            let open: Vec<Timestamp> = starts_on(page, day)
                .into_iter()
                .filter(|start| check_distance(page, *start, now).is_ok() && is_free(page, *start, taken))
                .collect();
            (!open.is_empty()).then_some((day, open))
        })
        .collect()
}
