//! Days of filters as moments of the workspace's zone.

use domain::list::Request;
use domain::value::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// From the beginning of the first day until the end of the last one; `None` where no day was given.
pub fn span(request: &Request, key: &str, zone: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    let day = |name: &str| request.filter(&format!("{key}-{name}")).and_then(|day| day.parse::<Date>().ok());
    let start = |day: Date| domain::booking::start_of_day(day, zone);
    let until = day("to").and_then(|day| day.checked_add(1.days()).ok()).and_then(start);
    (day("from").and_then(start), until)
}
