//! The form in which a person's values are compared: equal values are equal texts, and later or larger ones are greater.

use crate::people::PersonFieldKind;
use crate::value::{Decimal, NumberUnit, read_day, search_key};

/// What a value is that is no number or day though its field holds such. It is not blank, and within no range.
pub const UNREADABLE_KEY: &str = "x";
/// No key of a number or day is less, and a blank one is.
pub const LOWEST_KEY: &str = "0";

/// Digits on each side of the point.
const DIGITS: usize = 18;

/// The key of a value; empty for a blank one.
///
/// Keys of numbers and days consist of digits only, so that databases order them alike whatever their collation.
pub fn value_key(kind: PersonFieldKind, value: &str) -> String {
    match kind {
        PersonFieldKind::Text
        | PersonFieldKind::Textarea
        | PersonFieldKind::Radio
        | PersonFieldKind::Dropdown
        | PersonFieldKind::Email => search_key(value),
        PersonFieldKind::Checkboxes => {
            let options: Vec<String> =
                value.split(';').map(search_key).filter(|one| !one.is_empty()).collect();
            if options.is_empty() { String::new() } else { format!(";{};", options.join(";")) }
        }
        PersonFieldKind::Phone => phone_key(value),
        PersonFieldKind::Number => match Decimal::parse(value, NumberUnit::None) {
            Some(number) => number_key(&number),
            None => unreadable(value),
        },
        PersonFieldKind::Date => match read_day(value) {
            Some(day) => day.to_string().replace('-', ""),
            None => unreadable(value),
        },
    }
}

fn unreadable(value: &str) -> String {
    if search_key(value).is_empty() { String::new() } else { UNREADABLE_KEY.to_owned() }
}

/// The digits; a value without any is compared as text.
fn phone_key(value: &str) -> String {
    let folded = search_key(value);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    match (digits.is_empty(), folded.starts_with('+')) {
        (true, _) => folded,
        (false, true) => format!("+{digits}"),
        (false, false) => digits,
    }
}

/// Negative numbers have the nines' complement of their digits, so that the lesser one has the lesser key.
fn number_key(number: &Decimal) -> String {
    let (is_negative, unsigned) = match number.as_str().strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, number.as_str()),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole:0>DIGITS$}{fraction}");
    if !is_negative {
        return format!("1{digits}");
    }
    let full = format!("{digits:0<width$}", width = 2 * DIGITS);
    let complement = |digit: char| digit.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10));
    format!("0{}", full.chars().filter_map(complement).collect::<String>())
}
