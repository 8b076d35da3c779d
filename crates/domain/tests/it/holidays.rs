//! Public holidays of Japan, and days on which a page is closed (B1).

use crate::support::page;
use domain::booking::{
    BookingPage, ClosedDays, Closures, Hours, PageSalesforce, check_page, is_japanese_holiday, starts_on,
};
use jiff::civil::{Date, date};

/// The days of 2007 to 2050 on which two independent calendars agree, a line a year.
const KNOWN: &str = include_str!("japanese_holidays.txt");

#[test]
fn holidays_equal_those_of_two_calendars() {
    for line in KNOWN.lines() {
        let (year, days) = line.split_once(": ").unwrap();
        let first: Date = format!("{year}-01-01").parse().unwrap();
        let in_year = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == first.year());
        let found: Vec<String> = in_year
            .filter(|day| is_japanese_holiday(*day))
            .map(|day| day.strftime("%m%d").to_string())
            .collect();
        assert_eq!(found.join(" "), days, "{year}");
    }
    assert_eq!(KNOWN.lines().count(), 44);
    assert!(!is_japanese_holiday(date(2006, 1, 1)) && !is_japanese_holiday(date(2100, 1, 1)), "not covered");
}

fn every_day(closures: Closures, time_zone: &str) -> BookingPage {
    let hours = (1..=7).map(|weekday| Hours { weekday, from: 600, to: 660 }).collect();
    BookingPage {
        hours,
        closures,
        time_zone: time_zone.to_owned(),
        ..page(PageSalesforce::default(), Vec::new())
    }
}

#[test]
fn closed_days_offer_no_start() {
    let year_end = ClosedDays { from: date(2026, 12, 29), to: date(2027, 1, 3) };
    let closed = |japanese_holidays, days: &[ClosedDays]| Closures { japanese_holidays, days: days.to_vec() };
    for (closures, zone, day, open) in [
        (closed(None, &[]), "Asia/Tokyo", date(2027, 1, 1), false),
        (closed(None, &[]), "Asia/Tokyo", date(2027, 1, 4), true),
        (closed(None, &[]), "America/New_York", date(2027, 1, 1), true),
        (closed(Some(false), &[]), "Asia/Tokyo", date(2027, 1, 1), true),
        (closed(Some(true), &[]), "America/New_York", date(2027, 1, 1), false),
        (closed(Some(false), &[year_end]), "Asia/Tokyo", date(2026, 12, 28), true),
        (closed(Some(false), &[year_end]), "Asia/Tokyo", date(2026, 12, 29), false),
        (closed(Some(false), &[year_end]), "Asia/Tokyo", date(2027, 1, 3), false),
        (closed(Some(false), &[year_end]), "Asia/Tokyo", date(2027, 1, 4), true),
    ] {
        assert_eq!(!starts_on(&every_day(closures, zone), day).is_empty(), open, "{zone} {day}");
    }
}

#[test]
fn invalid_closures_and_hours_are_rejected() {
    let reversed = ClosedDays { from: date(2027, 1, 3), to: date(2026, 12, 29) };
    let good = every_day(Closures::default(), "Asia/Tokyo");
    let with_hours = |hours: &[(i8, u16, u16)]| {
        let hours = hours.iter().map(|(weekday, from, to)| Hours { weekday: *weekday, from: *from, to: *to });
        BookingPage { hours: hours.collect(), ..good.clone() }
    };
    let with_closures = |days: Vec<ClosedDays>| BookingPage {
        closures: Closures { days, ..Closures::default() },
        ..good.clone()
    };
    for (page, field, code) in [
        (with_closures(vec![reversed]), "closures.days[0]", "days-reversed"),
        (
            with_closures(vec![ClosedDays { from: date(2027, 1, 1), to: date(2027, 1, 1) }; 101]),
            "closures.days",
            "too-many",
        ),
        (with_hours(&[(1, 600, 720), (1, 660, 780)]), "hours[1]", "hours-overlap"),
        (with_hours(&[(1, 600, 720), (1, 600, 720)]), "hours[1]", "hours-overlap"),
        (with_hours(&vec![(1, 600, 720); 71]), "hours", "too-many"),
    ] {
        let problems = check_page(&page, None);
        let found = problems.iter().any(|problem| problem.field == field && problem.code == code);
        assert!(found, "{field} {code}: {problems:?}");
    }
    let apart = with_hours(&[(1, 600, 720), (1, 720, 780), (2, 600, 720)]);
    assert!(check_page(&apart, None).iter().all(|problem| !problem.field.starts_with("hours")));
}
