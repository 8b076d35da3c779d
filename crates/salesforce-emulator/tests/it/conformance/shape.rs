//! Compares a response with a pattern and captures its named parts.

use std::collections::HashMap;

use serde_json::Value;

/// What has been kept so far.
pub(super) type Names = HashMap<String, String>;

/// Puts what is known in place of `{names}`; names that are not known stay.
pub(super) fn fill(text: &str, names: &Names) -> String {
    let pieces = pieces(text);
    let filled = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Any => "*".to_owned(),
        Piece::Name(name) => names.get(name).cloned().unwrap_or_else(|| format!("{{{name}}}")),
    });
    filled.collect()
}

enum Piece {
    Text(String),
    Any,
    Name(String),
}

/// Splits a text at `*` and `{name}`; `@{…}` belongs to Salesforce and stays text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let name = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')).map(|(name, _)| name);
        let name = name.filter(|name| {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(fits)
                && !plain.ends_with('@')
        });
        let (piece, length) = match (name, letter) {
            (Some(name), _) => (Some(Piece::Name(name.to_owned())), name.len() + 2),
            (None, '*') => (Some(Piece::Any), 1),
            (None, _) => (None, letter.len_utf8()),
        };
        match piece {
            Some(piece) => {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(piece);
            }
            None => plain.push(letter),
        }
        rest = &rest[length..];
    }
    pieces.push(Piece::Text(plain));
    pieces
}

/// Whether a text fits a pattern; unknown names take what stands in their place.
pub(super) fn text_fits(pattern: &str, text: &str, names: &mut Names) -> bool {
    fn fits(pieces: &[Piece], text: &str, names: &mut Names) -> bool {
        let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
        let known = match first {
            Piece::Text(plain) => Some(plain.clone()),
            Piece::Name(name) => names.get(name).cloned(),
            Piece::Any => None,
        };
        if let Some(known) = known {
            return text.strip_prefix(known.as_str()).is_some_and(|text| fits(rest, text, names));
        }
        for end in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
            if let Piece::Name(name) = first {
                names.insert(name.clone(), text[..end].to_owned());
            }
            if fits(rest, &text[end..], names) {
                return true;
            }
            if let Piece::Name(name) = first {
                names.remove(name);
            }
        }
        false
    }
    fits(&pieces(pattern), text, names)
}

/// Compares JSON with a pattern; `Err` says where they part.
///
/// Objects may have more keys than the pattern unless it holds `"$only": true`; a list that ends in `"..."` may go on,
/// and one that starts with `"$any"` holds each of the others somewhere. Texts such as `<string>` stand for any value
/// of that kind.
pub(super) fn json_fits(pattern: &Value, actual: &Value, names: &mut Names) -> Result<(), String> {
    let differ = || Err(format!("expected {pattern}, got {actual}"));
    match (pattern, actual) {
        (Value::String(kind), _) if kind.starts_with('<') && kind.ends_with('>') => {
            if of_kind(kind, actual) {
                Ok(())
            } else {
                differ()
            }
        }
        (Value::String(pattern), Value::String(text)) => {
            if text_fits(pattern, text, names) {
                Ok(())
            } else {
                differ()
            }
        }
        (Value::String(name), Value::Number(number)) if pieces(name).len() == 3 => {
            if text_fits(name, &number.to_string(), names) { Ok(()) } else { differ() }
        }
        (Value::Number(wanted), Value::Number(number)) => {
            if wanted.as_f64() == number.as_f64() {
                Ok(())
            } else {
                differ()
            }
        }
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, pattern) in wanted.iter().filter(|(key, _)| *key != "$only") {
                match found.get(key) {
                    None if pattern == "<absent>" => {}
                    None => return Err(format!("“{key}” is missing in {actual}")),
                    Some(value) => {
                        json_fits(pattern, value, names).map_err(|reason| format!("{key}: {reason}"))?;
                    }
                }
            }
            let extra = found.keys().find(|key| !wanted.contains_key(*key));
            match extra.filter(|_| wanted.contains_key("$only")) {
                Some(key) => Err(format!("“{key}” was not expected in {actual}")),
                None => Ok(()),
            }
        }
        (Value::Array(wanted), Value::Array(found)) => list_fits(wanted, found, names),
        (wanted, actual) if wanted == actual => Ok(()),
        _ => differ(),
    }
}

fn list_fits(wanted: &[Value], found: &[Value], names: &mut Names) -> Result<(), String> {
    if wanted.first().is_some_and(|first| first == "$any") {
        for pattern in &wanted[1..] {
            if !found.iter().any(|value| json_fits(pattern, value, names).is_ok()) {
                return Err(format!("nothing in the list is {pattern}"));
            }
        }
        return Ok(());
    }
    let open = wanted.last().is_some_and(|last| last == "...");
    let wanted = if open { &wanted[..wanted.len() - 1] } else { wanted };
    if found.len() < wanted.len() || !open && found.len() > wanted.len() {
        return Err(format!("expected {} items, got {found:?}", wanted.len()));
    }
    for (place, (pattern, value)) in wanted.iter().zip(found).enumerate() {
        json_fits(pattern, value, names).map_err(|reason| format!("[{place}] {reason}"))?;
    }
    Ok(())
}

fn of_kind(kind: &str, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        "<any>" => true,
        "<absent>" => false,
        "<string>" => text.is_some(),
        "<number>" => value.is_number(),
        "<integer>" => value.is_i64(),
        "<boolean>" => value.is_boolean(),
        "<object>" => value.is_object(),
        "<list>" => value.is_array(),
        "<id>" => {
            text.is_some_and(|text| text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        }
        "<datetime>" => text.is_some_and(|text| text.len() == 28 && text.ends_with("+0000")),
        "<date>" => text.is_some_and(|text| text.len() == 10),
        _ => text == Some(kind),
    }
}

/// Compares a text body with lines in any order; `...` as the last line allows more of them.
pub(super) fn lines_fit(wanted: &[String], text: &str, names: &mut Names) -> Result<(), String> {
    let open = wanted.last().is_some_and(|last| last == "...");
    let wanted = if open { &wanted[..wanted.len() - 1] } else { wanted };
    let mut found: Vec<&str> = text.lines().collect();
    for pattern in wanted {
        let place = found.iter().position(|line| text_fits(pattern, line, names));
        let Some(place) = place else { return Err(format!("no line is `{pattern}` in:\n{text}")) };
        found.remove(place);
    }
    if open || found.is_empty() { Ok(()) } else { Err(format!("lines that were not expected: {found:?}")) }
}
