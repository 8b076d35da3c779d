//! One value as a result file shows it.

use std::io::Write;

use jiff::civil::Date;
use jiff::tz::Offset;

use crate::bulk::csv::quote;
use crate::org::value::Value;

/// Prints a value. Only texts can hold a quote, which is doubled.
///
/// A million rows of ten values take no allocation here.
pub(super) fn print(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => {}
        Value::Text(text) => quote(bytes, text),
        Value::Boolean(flag) => bytes.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Id(id) => bytes.extend_from_slice(&id.long()),
        Value::Date(day) => date(bytes, *day),
        Value::DateTime(moment) => {
            let moment = Offset::UTC.to_datetime(*moment);
            date(bytes, moment.date());
            let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
            bytes.push(b'T');
            two(bytes, hour.unsigned_abs());
            bytes.push(b':');
            two(bytes, minute.unsigned_abs());
            bytes.push(b':');
            two(bytes, second.unsigned_abs());
            // Unlike REST, which ends in `+0000`.
            bytes.extend_from_slice(b".000Z");
        }
        Value::Integer(number) => {
            let _ = write!(bytes, "{number}");
        }
        // Always with a point, as REST has it.
        Value::Decimal(number) => {
            let _ = write!(bytes, "{number:?}");
        }
    }
}

fn date(bytes: &mut Vec<u8>, day: Date) {
    let year = day.year().unsigned_abs();
    two(bytes, (year / 100) as u8);
    two(bytes, (year % 100) as u8);
    bytes.push(b'-');
    two(bytes, day.month().unsigned_abs());
    bytes.push(b'-');
    two(bytes, day.day().unsigned_abs());
}

fn two(bytes: &mut Vec<u8>, number: u8) {
    bytes.push(b'0' + number / 10 % 10);
    bytes.push(b'0' + number % 10);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::ids::RecordId;
    use crate::org::value::{parse_date, parse_datetime};

    #[test]
    fn values_print_as_salesforce_exports_them() {
        for (value, expected) in [
            (Value::Null, ""),
            (Value::text("the \"gold\" 継手,\n"), "the \"\"gold\"\" 継手,\n"),
            (Value::Boolean(true), "true"),
            (Value::Integer(-39_000), "-39000"),
            (Value::Decimal(950_000_000.0), "950000000.0"),
            (Value::Decimal(0.5), "0.5"),
            (Value::Id(RecordId::parse("001D000000IRFma").unwrap()), "001D000000IRFmaIAH"),
            (Value::Date(parse_date("2023-10-22").unwrap()), "2023-10-22"),
            (Value::DateTime(parse_datetime("2023-10-22T06:05:02Z").unwrap()), "2023-10-22T06:05:02.000Z"),
        ] {
            let mut bytes = Vec::new();
            print(&mut bytes, &value);
            assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        }
    }
}
