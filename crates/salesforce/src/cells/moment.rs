//! Reading days, times and moments, a few million times in a row.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Reads `2026-05-22`.
pub(crate) fn date(text: &str) -> Option<Date> {
    match text.as_bytes() {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => {
            let year = digits(&[*y1, *y2, *y3, *y4])?;
            let (month, day) = (digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        }
        _ => None,
    }
}

/// Reads `10:00:00.000Z`; a time of day has no zone, whatever stands behind it.
pub(crate) fn time(text: &str) -> Option<Time> {
    let (time, zone) = split_time(text)?;
    (zone.is_empty() || offset(zone) == Some(0)).then_some(time)
}

/// Reads `2026-05-22T10:00:00.000+0000`, with `Z`, with a colon in the offset, and with any offset.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let (day, rest) = (date(text.get(..10)?)?, text.get(10..)?.strip_prefix('T')?);
    let (time, zone) = split_time(rest)?;
    let at = Offset::UTC.to_timestamp(DateTime::from_parts(day, time)).ok()?;
    match offset(zone)? {
        0 => Some(at),
        seconds => at.checked_sub(SignedDuration::from_secs(seconds)).ok(),
    }
}

/// Reads the time and leaves the zone.
fn split_time(text: &str) -> Option<(Time, &str)> {
    let (clock, rest) = text.as_bytes().split_at_checked(8)?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = clock else { return None };
    let part = |pair: [u8; 2]| i8::try_from(digits(&pair)?).ok();
    let fraction = rest
        .strip_prefix(b".")
        .map_or(0, |rest| rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()));
    let taken = if fraction == 0 { 8 } else { 9 + fraction };
    let nanoseconds = if fraction == 0 { 0 } else { digits(rest.get(1..=fraction.min(9))?)? };
    let missing = 9_u32.saturating_sub(u32::try_from(fraction).ok()?);
    let nanoseconds = nanoseconds.checked_mul(10_i64.checked_pow(missing)?)?;
    let nanoseconds = i32::try_from(nanoseconds).ok()?;
    let time = Time::new(part([*h1, *h2])?, part([*m1, *m2])?, part([*s1, *s2])?, nanoseconds).ok()?;
    Some((time, text.get(taken..)?))
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, hours, minutes) = match zone.as_bytes() {
        b"Z" => return Some(0),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => {
            (*sign, digits(&[*h1, *h2])?, digits(&[*m1, *m2])?)
        }
        _ => return None,
    };
    let seconds = (hours * 60 + minutes) * 60;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}
