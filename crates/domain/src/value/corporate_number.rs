//! Corporate numbers (法人番号): thirteen digits, of which the first one checks the others.

use crate::value::tidy_line;

const DIGITS: usize = 13;

/// The number in half-width digits; `None` for what is none, or whose check digit is wrong.
pub fn corporate_number(typed: &str) -> Option<String> {
    let number = tidy_line(typed);
    let digits: Vec<u32> = number.chars().map(|digit| digit.to_digit(10)).collect::<Option<_>>()?;
    let (check, rest) = digits.split_first()?;
    // From the last digit on, one is counted once and the next one twice.
    let sum: u32 = rest.iter().rev().enumerate().map(|(place, digit)| digit * (1 + (place % 2) as u32)).sum();
    (digits.len() == DIGITS && *check == 9 - sum % 9).then_some(number)
}
