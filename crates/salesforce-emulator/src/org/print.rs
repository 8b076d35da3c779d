//! Values as bytes, for answers that hold very many of them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Writes a moment in UTC with milliseconds; REST ends it with `+0000`, Bulk with `Z`.
pub(crate) fn datetime(out: &mut Vec<u8>, moment: Timestamp, zone: &str) {
    let at = TimeZone::UTC.to_datetime(moment);
    digits(out, i64::from(at.year()).max(0), 4);
    for (separator, number) in [
        (b'-', i64::from(at.month())),
        (b'-', i64::from(at.day())),
        (b'T', i64::from(at.hour())),
        (b':', i64::from(at.minute())),
        (b':', i64::from(at.second())),
    ] {
        out.push(separator);
        digits(out, number, 2);
    }
    out.extend_from_slice(b".000");
    out.extend_from_slice(zone.as_bytes());
}

fn digits(out: &mut Vec<u8>, number: i64, width: usize) {
    let start = out.len();
    out.resize(start + width, b'0');
    let mut rest = number;
    for slot in out[start..].iter_mut().rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::value::{parse_datetime, print_datetime};

    #[test]
    fn timestamps_are_printed_in_salesforce_format() {
        for text in
            ["2026-05-22T10:00:00Z", "1999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1969-07-20T20:17:40Z"]
        {
            let Some(moment) = parse_datetime(text).or_else(|| text.parse().ok()) else { panic!("{text}") };
            let mut out = Vec::new();
            datetime(&mut out, moment, "+0000");
            assert_eq!(String::from_utf8(out).unwrap(), print_datetime(moment));
        }
    }
}
