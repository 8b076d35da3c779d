//! Which times are offered, across time zones and daylight saving changes.

use crate::support::{NOW, page};
use domain::booking::{
    Attendance, BusyCells, Hours, PageSalesforce, SlotProblem, cells, check_slot, free_members, is_free,
    starts_on,
};
use domain::value::Timestamp;
use proptest::prelude::*;
use std::collections::HashSet;
use uuid::Uuid;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn only_offered_times_can_be_booked() {
    let page = page(PageSalesforce::default(), vec![]);
    // NOW is Friday 2026-05-22 18:00 in Tokyo.
    let rows = [
        ("2026-05-25T10:00:00+09:00", Ok(())),
        ("2026-05-25T17:30:00+09:00", Ok(())),
        ("2026-05-25T17:45:00+09:00", Err(SlotProblem::NotOffered)),
        ("2026-05-25T18:00:00+09:00", Err(SlotProblem::NotOffered)),
        ("2026-05-25T09:30:00+09:00", Err(SlotProblem::NotOffered)),
        ("2026-05-24T10:00:00+09:00", Err(SlotProblem::NotOffered)),
        ("2026-05-22T10:00:00+09:00", Err(SlotProblem::TooSoon)),
        ("2026-05-22T18:30:00+09:00", Err(SlotProblem::TooSoon)),
        ("2026-06-22T10:00:00+09:00", Err(SlotProblem::TooFar)),
    ];
    for (start, expected) in rows {
        assert_eq!(check_slot(&page, at(start), NOW), expected, "{start}");
    }
}

#[test]
fn times_skipped_by_dst_are_not_offered() {
    let mut page = page(PageSalesforce::default(), vec![]);
    page.time_zone = "America/New_York".to_owned();
    page.hours = vec![Hours { weekday: 7, from: 60, to: 240 }];
    // On 8 March 2026 the clocks go from 02:00 to 03:00, on 1 November from 02:00 back to 01:00.
    let spring: Vec<String> =
        starts_on(&page, "2026-03-08".parse().unwrap()).iter().map(ToString::to_string).collect();
    assert_eq!(
        spring,
        ["2026-03-08T06:00:00Z", "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"]
    );
    let autumn = starts_on(&page, "2026-11-01".parse().unwrap());
    assert_eq!(autumn.len(), 6, "each time of the wall clock once");
    assert_eq!(autumn[0].to_string(), "2026-11-01T05:00:00Z");
}

#[test]
fn slot_needs_one_or_all_hosts_free() {
    let mut page = page(PageSalesforce::default(), vec![]);
    let (one, two) = (Uuid::from_u128(31).into(), Uuid::from_u128(32).into());
    page.members = vec![one, two];
    let start = at("2026-05-25T10:00:00+09:00");
    let busy: HashSet<i64> = cells(start.plus_minutes(25), start.plus_minutes(55)).into_iter().collect();
    let taken = BusyCells::from([(one, busy)]);
    assert_eq!(free_members(&page, start, &taken), [two]);
    for (attendance, free) in [(Attendance::Any, true), (Attendance::All, false)] {
        page.attendance = attendance;
        assert_eq!(is_free(&page, start, &taken), free, "{attendance:?}");
    }
}

proptest! {
    /// Two meetings on the grid overlap exactly when they share a cell.
    #[test]
    fn cells_overlap_only_if_meetings_overlap(a in 0_i64..500, b in 0_i64..500, la in 1_i64..40, lb in 1_i64..40) {
        let moment = |cell: i64| NOW.plus_minutes(cell * 5);
        let first: HashSet<i64> = cells(moment(a), moment(a + la)).into_iter().collect();
        let second: HashSet<i64> = cells(moment(b), moment(b + lb)).into_iter().collect();
        let overlap = a < b + lb && b < a + la;
        prop_assert_eq!(!first.is_disjoint(&second), overlap);
        prop_assert_eq!(first.len() as i64, la);
    }
}
