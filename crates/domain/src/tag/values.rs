//! What was typed into a form on the customer's website, as far as it is kept (B7).

use crate::form::is_key;
use crate::tag::secret_value::{holds_secret, is_phone};
use crate::value::{clean_text, tidy_line};
use std::collections::BTreeMap;

/// Properties that are kept without a mapping of the admin's.
pub const STANDARD_PROPERTIES: [&str; 11] = [
    "email",
    "name",
    "family_name",
    "given_name",
    "kana",
    "family_kana",
    "given_kana",
    "company",
    "phone",
    "department",
    "title",
];
/// The longest value in characters; the rest of a longer one is cut off.
pub const MAX_VALUE: usize = 8_192;
/// Values of one attempt.
const MAX_VALUES: usize = 60;

/// Keeps the values of standard and mapped properties. Blank ones, and those that hold a secret, are left out.
pub fn clean_values(given: &BTreeMap<String, String>, mapped: &[&str]) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    for (property, typed) in given {
        let is_standard = STANDARD_PROPERTIES.contains(&property.as_str());
        let is_mapped = is_key(property) && mapped.contains(&property.as_str());
        if !is_standard && !is_mapped {
            continue;
        }
        let text = if is_standard { tidy_line(typed) } else { clean_text(typed).trim().to_owned() };
        let is_number = property == "phone" && is_phone(&text);
        if text.is_empty() || kept.len() == MAX_VALUES || (!is_number && holds_secret(&text)) {
            continue;
        }
        kept.insert(property.clone(), text.chars().take(MAX_VALUE).collect());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_properties_without_secrets_are_kept() {
        let given = [
            ("email", "ｔａｒｏ＠sample.example "),
            ("name", "山田　太郎"),
            ("phone", "+81 90 1234 5678"),
            ("company", "  "),
            ("note", "カードは 4111 1111 1111 1111"),
            ("budget", "100\n万円"),
            ("password", "hunter2"),
            ("__proto__", "x"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        let kept = clean_values(&given, &["note", "budget", "__proto__"]);
        let kept: Vec<(&str, &str)> =
            kept.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            kept,
            [
                ("budget", "100\n万円"),
                ("email", "taro@sample.example"),
                ("name", "山田 太郎"),
                ("phone", "+81 90 1234 5678")
            ]
        );
    }
}
