//! Values of a kept record without the names of their fields, which a million rows would repeat.
//!
//! A packed body has a line for the number of its layout and a line for each value, in the layout's order. A text
//! stands there as in JSON, but without its quotation marks; `:` precedes any other value and stands for `null` when
//! it is alone; `@` is the record's id and `=` what it is found by. A text that begins with one of these keeps its
//! marks. JSON has no line breaks within a text, so every line is one value.

use domain::mirror::MirrorRow;
use serde_json::{Map, Value};

/// The names of a body's values, in their order, each as `"Name":`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowLayout {
    members: Vec<String>,
}

impl RowLayout {
    /// Of a body; `None` without any value.
    pub(crate) fn of(body: &str) -> Option<Self> {
        let values: Map<String, Value> = serde_json::from_str(body).ok()?;
        Some(Self::of_names(values.keys().cloned())).filter(|layout| !layout.members.is_empty())
    }

    /// Of names in their order.
    pub(crate) fn of_names(names: impl IntoIterator<Item = String>) -> Self {
        Self { members: names.into_iter().map(|name| format!("{}:", Value::from(name))).collect() }
    }

    /// The names as a JSON list.
    pub(crate) fn names(&self) -> String {
        let names = self.members.iter().filter_map(|member| member.strip_suffix(':'));
        format!("[{}]", names.collect::<Vec<_>>().join(","))
    }

    /// Writes the body of a row without its names behind `packed`; `false`, and nothing, when it is of another form.
    pub(crate) fn encode(&self, number: i64, row: &MirrorRow, packed: &mut String) -> bool {
        let begun = packed.len();
        packed.push_str(&number.to_string());
        let is_packed = self.encode_values(row, packed).is_some();
        if !is_packed {
            packed.truncate(begun);
        }
        is_packed
    }

    fn encode_values(&self, row: &MirrorRow, packed: &mut String) -> Option<()> {
        let mut rest = row.body.as_str();
        for (place, member) in self.members.iter().enumerate() {
            let before = if place == 0 { '{' } else { ',' };
            let at_value = rest.strip_prefix(before)?.strip_prefix(member.as_str())?;
            let (value, behind) = at_value.split_at(end_of(at_value)?);
            packed.push('\n');
            write(value, row, packed);
            rest = behind;
        }
        (rest == "}").then_some(())
    }

    /// The body that was packed into these lines; `None` when they are not of this layout.
    pub(crate) fn decode(&self, lines: &str, record_id: &str, match_key: Option<&str>) -> Option<String> {
        let mut body = String::with_capacity(lines.len() + 24 * self.members.len());
        let mut lines = lines.split('\n');
        for (place, member) in self.members.iter().enumerate() {
            body.push(if place == 0 { '{' } else { ',' });
            body.push_str(member);
            let mut quoted = |text: &str| {
                body.push('"');
                body.push_str(text);
                body.push('"');
            };
            match lines.next()? {
                "@" => quoted(record_id),
                "=" => quoted(match_key?),
                ":" => body.push_str("null"),
                line if line.starts_with('"') => body.push_str(line),
                line => match line.strip_prefix(':') {
                    Some(value) => body.push_str(value),
                    None => quoted(line),
                },
            }
        }
        body.push('}');
        lines.next().is_none().then_some(body)
    }
}

/// Where a value ends that is no list and no object.
fn end_of(value: &str) -> Option<usize> {
    let mut bytes = value.bytes().enumerate();
    match bytes.next()?.1 {
        b'"' => {
            while let Some((place, byte)) = bytes.next() {
                match byte {
                    b'"' => return Some(place + 1),
                    b'\\' => drop(bytes.next()),
                    0..0x20 => return None,
                    _ => {}
                }
            }
            None
        }
        b'{' | b'[' => None,
        _ => value.find([',', '}']),
    }
}

fn write(value: &str, row: &MirrorRow, packed: &mut String) {
    let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match text {
        Some(text) if text == row.record_id => packed.push('@'),
        Some(text) if Some(text) == row.match_key.as_deref() => packed.push('='),
        Some(text) if !text.starts_with([':', '@', '=', '"']) => packed.push_str(text),
        Some(_) => packed.push_str(value),
        None => {
            packed.push(':');
            packed.push_str(if value == "null" { "" } else { value });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RowLayout;
    use domain::mirror::MirrorRow;
    use domain::mirror::RecordState;
    use domain::value::Timestamp;
    use proptest::prelude::*;
    use serde_json::Map;
    use serde_json::Value;

    fn row(match_key: Option<String>, body: String) -> MirrorRow {
        let at = Timestamp::from_microseconds(0);
        let record_id = "003gT0000000001QAA".to_owned();
        MirrorRow {
            record_id,
            system_modstamp: at,
            match_key,
            state: RecordState::Present,
            successor_id: None,
            changed_at: at,
            body,
        }
    }

    fn encoded(layout: &RowLayout, row: &MirrorRow) -> Option<String> {
        let mut packed = String::new();
        layout.encode(7, row, &mut packed).then_some(packed)
    }

    fn decoded(layout: &RowLayout, row: &MirrorRow, packed: &str) -> Option<String> {
        layout.decode(packed.strip_prefix("7\n")?, &row.record_id, row.match_key.as_deref())
    }

    #[test]
    fn names_and_duplicated_values_are_not_encoded() {
        let body =
            r#"{"Email":"a@x.example","Id":"003gT0000000001QAA","Name":"佐藤 \"花\"","Title":null,"n":1.5}"#;
        let row = row(Some("a@x.example".to_owned()), body.to_owned());
        let layout = RowLayout::of(body).unwrap();
        let packed = encoded(&layout, &row).unwrap();
        assert_eq!(packed, "7\n=\n@\n佐藤 \\\"花\\\"\n:\n:1.5");
        assert_eq!(decoded(&layout, &row, &packed).as_deref(), Some(body));
        assert_eq!(layout.names(), r#"["Email","Id","Name","Title","n"]"#);
    }

    #[test]
    fn bodies_of_other_layout_are_stored_whole() {
        let layout = RowLayout::of(r#"{"a":"1","b":"2"}"#).unwrap();
        for body in [
            r#"{"a":"1"}"#,
            r#"{"b":"2","a":"1"}"#,
            r#"{"a":"1","b":"2","c":"3"}"#,
            r#"{"a":"1", "b":"2"}"#,
            r#"{"a":["1"],"b":"2"}"#,
            r#"{"a":{},"b":"2"}"#,
            r#"{"a":"1","b":"2"#,
            "{\"a\":\"1\n\",\"b\":\"2\"}",
            "{}",
            "",
        ] {
            assert_eq!(encoded(&layout, &row(None, body.to_owned())), None, "{body}");
        }
        assert_eq!(RowLayout::of("{}"), None);
        assert_eq!(RowLayout::of("text"), None);
    }

    #[test]
    fn rows_of_other_layout_are_rejected() {
        let layout = RowLayout::of(r#"{"a":"1","b":"2"}"#).unwrap();
        for lines in ["1", "1\n2\n3", "1\n="] {
            assert_eq!(layout.decode(lines, "003gT0000000001QAA", None), None, "{lines}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[:@=\"\\\\\n,{}]{0,4}".prop_map(Value::from),
            Just(Value::from("003gT0000000001QAA")),
            Just(Value::from("a@x.example")),
        ]
    }

    proptest! {
        #[test]
        fn encoded_rows_are_decoded(
            values in proptest::collection::vec((any::<String>(), value()), 1..8),
            key in proptest::option::of(prop_oneof![Just("a@x.example".to_owned()), any::<String>()]),
        ) {
            let values: Map<String, Value> = values.into_iter().collect();
            let body = Value::Object(values).to_string();
            let layout = RowLayout::of(&body).unwrap();
            let row = row(key, body.clone());
            let packed = encoded(&layout, &row);
            prop_assert!(packed.is_some(), "{body}");
            let packed = packed.unwrap();
            prop_assert_eq!(packed.split('\n').count(), 1 + layout.members.len());
            prop_assert_eq!(decoded(&layout, &row, &packed), Some(body));
            let names: Vec<String> = serde_json::from_str(&layout.names()).unwrap();
            prop_assert_eq!(RowLayout::of_names(names), layout);
        }
    }
}
