//! Dates and times as Account Engagement prints them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Prints a time with the offset of the user's time zone.
pub(crate) fn print_date_time(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
