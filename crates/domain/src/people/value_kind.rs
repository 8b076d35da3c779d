//! When a person's value and a record's are the same, though either side spells it in its own way (S2, S3).

use crate::value::{Decimal, NumberUnit, match_key, read_day};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// How values of a field are compared. Nothing is rewritten by comparing: each side keeps its spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Blanks at the ends and kinds of line breaks don't count.
    Text,
    /// Width and case don't count.
    Email,
    /// Digits and a leading plus count.
    Phone,
    /// One option, exactly.
    Option,
    /// Several options separated by `;`, in any order.
    Options,
    /// True or false; blank is false.
    Checkbox,
    /// A calendar day.
    Date,
    /// A number; zeros at the end don't count.
    Number,
}

impl ValueKind {
    /// Whether both values say the same.
    pub fn is_same(self, left: &str, right: &str) -> bool {
        left == right || self.canonical(left) == self.canonical(right)
    }

    /// The form in which equal values are equal texts.
    fn canonical(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Text if value.contains('\r') => Cow::Owned(line_feeds(value).trim().to_owned()),
            Self::Text => Cow::Borrowed(value.trim()),
            Self::Option => Cow::Borrowed(value),
            Self::Email => Cow::Owned(match_key(value)),
            Self::Phone => Cow::Owned(phone(value)),
            Self::Options => {
                let mut parts: Vec<&str> = value.split(';').filter(|part| !part.is_empty()).collect();
                parts.sort_unstable();
                parts.dedup();
                Cow::Owned(parts.join(";"))
            }
            Self::Checkbox => Cow::Borrowed(match value.trim() {
                "" | "false" | "False" | "FALSE" => "false",
                "true" | "True" | "TRUE" => "true",
                other => other,
            }),
            Self::Date => match read_day(value) {
                Some(day) => Cow::Owned(day.to_string()),
                None => Cow::Borrowed(value.trim()),
            },
            Self::Number => match Decimal::parse(value, NumberUnit::None) {
                Some(number) => Cow::Owned(number.as_str().to_owned()),
                None => Cow::Borrowed(value.trim()),
            },
        }
    }
}

fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A value without any digit is compared as text, so that two different notes are not the same number.
fn phone(value: &str) -> String {
    let folded: String = value.nfkc().collect();
    let folded = folded.trim();
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return folded.to_owned();
    }
    if folded.starts_with('+') { format!("+{digits}") } else { digits }
}
