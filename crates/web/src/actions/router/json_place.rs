//! Where something stands in a JSON text, for people who look for it in an editor.

/// A line and a character of it, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    /// The place of a byte.
    fn of_byte(text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }

    /// The place that the reader of a text names, which counts bytes.
    pub(super) fn of_error(text: &str, error: &serde_json::Error) -> Self {
        let begins: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let mut at = (begins + error.column().saturating_sub(1)).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        Self::of_byte(text, at)
    }

    /// The place of a name in one of the objects of a text that can be read, such as of a node in `nodes`.
    pub(super) fn of_name(text: &str, object: &str, name: &str) -> Option<Self> {
        let mut depth = 0_usize;
        let mut outer = String::new();
        let mut rest = text.char_indices();
        while let Some((at, character)) = rest.next() {
            match character {
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                '"' => {
                    let end = end_of_string(&mut rest)?;
                    let is_name = text[end..].trim_start().starts_with(':');
                    let said: String = serde_json::from_str(&text[at..end]).ok()?;
                    match (depth, is_name) {
                        (1, true) => outer = said,
                        (2, true) if outer == object && said == name => {
                            return Some(Self::of_byte(text, at));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// The byte behind the quotation mark that ends a string.
fn end_of_string(rest: &mut std::str::CharIndices<'_>) -> Option<usize> {
    while let Some((at, character)) = rest.next() {
        match character {
            '\\' => drop(rest.next()),
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_found_by_its_object_and_not_by_values_or_deeper_names() {
        let text = "{\n  \"start\": \"b\",\n  \"other\": { \"b\": 1 },\n  \"nodes\": {\n    \"a\": { \"b\": \"}\\\"\" },\n    \"b\": [\"b\"]\n  }\n}";
        let place = |line, column| Some(Place { line, column });
        assert_eq!(Place::of_name(text, "nodes", "b"), place(6, 5));
        assert_eq!(Place::of_name(text, "other", "b"), place(3, 14));
        assert_eq!(Place::of_name(text, "nodes", "c"), None);
        assert_eq!(Place::of_name("{\"nodes\":{\"\\u0000\":{}}}", "nodes", "\0"), place(1, 11));
    }

    #[test]
    fn fault_behind_japanese_text_is_counted_in_characters() {
        let text = "{\n\"名前\": x }";
        let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
        assert_eq!(Place::of_error(text, &error), Place { line: 2, column: 7 });
    }
}
