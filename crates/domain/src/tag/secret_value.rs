//! Values that are never kept, whatever field they were typed into: card numbers and the Individual Number (マイナンバー).

use crate::value::fold_width;

/// Digits of a card number.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// Digits of an Individual Number.
const MY_NUMBER_DIGITS: usize = 12;
/// Digits of the longest telephone number.
const PHONE_DIGITS: usize = 15;

/// Whether a text holds a card number or an Individual Number, in one run or in groups.
pub fn holds_secret(text: &str) -> bool {
    let text = fold_width(text);
    let mut runs: Vec<Vec<u8>> = vec![Vec::new()];
    let mut gap = false;
    for c in text.chars() {
        match c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
            Some(digit) => {
                if let Some(run) = runs.last_mut() {
                    run.push(digit);
                }
                gap = false;
            }
            // One blank or hyphen joins groups of one number.
            None if matches!(c, ' ' | '-' | '‐' | '−' | 'ー') && !gap => gap = true,
            None => {
                runs.push(Vec::new());
                gap = false;
            }
        }
    }
    runs.iter().any(|run| is_card(run) || is_my_number(run))
}

/// Whether a text can be a telephone number, which may have a card's check digit by chance.
pub(crate) fn is_phone(text: &str) -> bool {
    let text = fold_width(text);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (text.starts_with('0') || text.starts_with('+')) && digits <= PHONE_DIGITS
}

fn is_card(digits: &[u8]) -> bool {
    if !CARD_DIGITS.contains(&digits.len()) || digits.iter().all(|digit| *digit == digits[0]) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The check digit as the ministry's ordinance defines it.
fn is_my_number(digits: &[u8]) -> bool {
    if digits.len() != MY_NUMBER_DIGITS {
        return false;
    }
    let sum: u32 = digits[..11]
        .iter()
        .rev()
        .zip(1_u32..)
        .map(|(digit, place)| u32::from(*digit) * if place <= 6 { place + 1 } else { place - 5 })
        .sum();
    let check = if sum % 11 <= 1 { 0 } else { 11 - sum % 11 };
    u32::from(digits[11]) == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_and_individual_numbers_are_found_in_any_width_and_grouping() {
        for (text, expected) in [
            ("4111111111111111", true),
            ("カード 4111-1111-1111-1111 です", true),
            ("４１１１ １１１１ １１１１ １１１１", true),
            ("4111111111111112", false),
            ("123456789018", true),
            ("1234 5678 9018", true),
            ("123456789012", false),
            ("03-1234-5678", false),
            ("0000000000000", false),
            ("2026-11-30 10:00", false),
            ("ご相談です。", false),
        ] {
            assert_eq!(holds_secret(text), expected, "{text}");
        }
        assert!(
            is_phone("+81 90 1234 5678")
                && is_phone("０３−１２３４−５６７８")
                && !is_phone("4111111111111111")
        );
    }
}
