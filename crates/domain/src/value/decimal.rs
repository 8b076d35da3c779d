//! Numbers as people type them, read exactly or not at all (K16).

use crate::value::tidy_line;
use std::fmt;

/// A number as it was written, digit by digit: a sign, digits, perhaps a point and digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(String);

/// What may stand beside the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberUnit {
    /// Nothing.
    None,
    /// `¥` before or `円` behind.
    Yen,
    /// `%` behind.
    Percent,
}

/// Digits of a number, on both sides of the point together.
const MAX_DIGITS: usize = 18;

impl Decimal {
    /// Reads a number with perhaps a unit: full-width digits, groups of three digits, a sign.
    ///
    /// `None` for anything else: `12,5` could be 12.5 or 125, so it is neither.
    pub fn parse(typed: &str, unit: NumberUnit) -> Option<Self> {
        let line = tidy_line(typed).replace('−', "-");
        let (sign, rest) = sign(line.trim());
        let bare = without_unit(rest, unit)?;
        let (sign, bare) = if sign.is_empty() { self::sign(bare) } else { (sign, bare) };
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        let whole = ungrouped(whole)?;
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let length = whole.len() + fraction.len();
        if !only_digits(&whole) || !only_digits(fraction) || !(1..=MAX_DIGITS).contains(&length) {
            return None;
        }
        let whole = Some(whole.trim_start_matches('0')).filter(|kept| !kept.is_empty()).unwrap_or("0");
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        let is_zero = whole == "0" && fraction.is_empty();
        let sign = if sign == "-" && !is_zero { "-" } else { "" };
        Some(Self(format!("{sign}{whole}{point}{fraction}")))
    }

    /// The number in plain digits: `-1234.5`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Has nothing behind the point.
    pub fn is_whole(&self) -> bool {
        !self.0.contains('.')
    }

    /// Digits before the point; none for numbers below 1.
    pub fn whole_digits(&self) -> usize {
        let unsigned = self.0.trim_start_matches('-');
        let whole = unsigned.split('.').next().unwrap_or_default();
        if whole == "0" { 0 } else { whole.len() }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let parts = |number: &'_ Self| {
            let negative = number.0.starts_with('-');
            let unsigned = number.0.trim_start_matches('-').to_owned();
            let (whole, fraction) = unsigned.split_once('.').unwrap_or((&unsigned, ""));
            (negative, (whole.len(), whole.to_owned(), fraction.to_owned()))
        };
        let ((minus, left), (other_minus, right)) = (parts(self), parts(other));
        match (minus, other_minus) {
            (false, false) => left.cmp(&right),
            (true, true) => right.cmp(&left),
            (true, false) => std::cmp::Ordering::Less,
            (false, true) => std::cmp::Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn sign(text: &str) -> (&'static str, &str) {
    match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => ("-", rest),
        (None, Some(rest)) => ("+", rest),
        (None, None) => ("", text),
    }
}

/// The text without its unit; `None` if it has a unit on both sides. A unit that does not belong here stays, so that
/// the text is no number.
fn without_unit(text: &str, unit: NumberUnit) -> Option<&str> {
    match unit {
        NumberUnit::None => Some(text),
        NumberUnit::Percent => Some(text.strip_suffix('%').map_or(text, str::trim_end)),
        NumberUnit::Yen => match (text.strip_prefix(['¥', '\\']), text.strip_suffix('円')) {
            (Some(_), Some(_)) => None,
            (Some(rest), None) => Some(rest.trim_start()),
            (None, Some(rest)) => Some(rest.trim_end()),
            (None, None) => Some(text),
        },
    }
}

/// Digits without their separators, which stand between groups of three or not at all.
fn ungrouped(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let well_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    well_grouped.then(|| whole.replace(',', ""))
}
