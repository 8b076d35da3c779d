//! `FORMAT()`: numbers and dates as the user's locale writes them.

use jiff::tz::TimeZone;

use crate::org::ids::RecordId;
use crate::org::schema::{Field, FieldType};
use crate::org::store::Org;
use crate::org::value::Value;

/// How a locale writes dates, times and numbers.
#[derive(Clone, Copy, Debug)]
struct Style {
    day: &'static str,
    time: &'static str,
    group: &'static str,
    point: &'static str,
}

/// Locales by their beginning; the first that fits counts, and the last fits all.
const STYLES: [(&str, Style); 6] = [
    ("ja", Style { day: "%Y/%m/%d", time: " %H:%M", group: ",", point: "." }),
    ("en_US", Style { day: "%-m/%-d/%Y", time: ", %-I:%M %p", group: ",", point: "." }),
    ("en", Style { day: "%d/%m/%Y", time: ", %H:%M", group: ",", point: "." }),
    ("de", Style { day: "%d.%m.%Y", time: ", %H:%M", group: ".", point: "," }),
    ("fr", Style { day: "%d/%m/%Y", time: " %H:%M", group: "\u{202f}", point: "," }),
    ("", Style { day: "%Y-%m-%d", time: " %H:%M", group: ",", point: "." }),
];

/// What is shown besides the value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    kind: FieldType,
    decimals: usize,
}

impl Shape {
    /// The shape of a field's values; `None` when there is none.
    pub(crate) fn of(field: &Field) -> Option<Self> {
        let dated = matches!(field.kind, FieldType::Date | FieldType::Datetime);
        (dated || field.kind.is_number())
            .then_some(Shape { kind: field.kind, decimals: field.scale as usize })
    }

    /// The shape of a count.
    pub(crate) const COUNT: Shape = Shape { kind: FieldType::Int, decimals: 0 };

    /// The text that a user sees.
    pub(crate) fn text(self, org: &Org, user: RecordId, zone: &TimeZone, value: &Value) -> Value {
        let locale = org.user_value(user, "LocaleSidKey").to_text();
        let style = STYLES.iter().find(|(known, _)| locale.starts_with(known)).map(|(_, style)| *style);
        let Some(style) = style else { return value.clone() };
        if let Some(day) = value.as_date() {
            return Value::text(&day.strftime(style.day).to_string());
        }
        if let Some(moment) = value.as_datetime() {
            let shown = moment.to_zoned_datetime(zone.clone());
            return Value::text(&shown.strftime(&format!("{}{}", style.day, style.time)).to_string());
        }
        let Some(number) = value.as_number() else { return value.clone() };
        Value::text(&match self.kind {
            FieldType::Currency if in_yen(org) => currency(number, "¥", 0, style),
            FieldType::Currency => currency(number, "$", 2, style),
            FieldType::Percent => format!("{}%", digits(number, self.decimals, style)),
            _ => digits(number, self.decimals, style),
        })
    }
}

/// Whether the org's only currency is the yen: its first locale says so.
fn in_yen(org: &Org) -> bool {
    org.organization_value("DefaultLocaleSidKey").to_text().starts_with("ja")
}

fn currency(number: f64, sign: &str, decimals: usize, style: Style) -> String {
    let minus = if number < 0.0 { "-" } else { "" };
    format!("{minus}{sign}{}", digits(number.abs(), decimals, style))
}

fn digits(number: f64, decimals: usize, style: Style) -> String {
    let plain = format!("{:.decimals$}", number.abs());
    let (whole, fraction) = plain.split_once('.').map_or((&*plain, None), |(a, b)| (a, Some(b)));
    let mut shown =
        String::from(if number < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            "-"
        } else {
            ""
        });
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            shown.push_str(style.group);
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push_str(style.point);
        shown.push_str(fraction);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_locale_writes_them() {
        let style = |name: &str| STYLES.iter().find(|(known, _)| name.starts_with(known)).unwrap().1;
        for (number, decimals, locale, expected) in [
            (1_234_567.891, 2, "en_US", "1,234,567.89"),
            (-44_000.0, 0, "ja_JP", "-44,000"),
            (999.0, 0, "en_US", "999"),
            (-0.4, 0, "en_US", "0"),
            (1_234.5, 1, "de_DE", "1.234,5"),
            (1_234.5, 1, "fr_FR", "1\u{202f}234,5"),
        ] {
            assert_eq!(digits(number, decimals, style(locale)), expected, "{locale}");
        }
        assert_eq!(currency(-44_000.0, "$", 2, style("en_US")), "-$44,000.00");
    }
}
