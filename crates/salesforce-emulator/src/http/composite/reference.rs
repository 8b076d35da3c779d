//! References such as `@{ref.records[0].Id}` to the answers of earlier calls.

use std::collections::HashMap;

use serde_json::Value as Json;

/// An earlier call's answer.
pub(super) struct Earlier {
    pub(super) succeeded: bool,
    pub(super) body: Json,
}

/// A reference that leads nowhere, in the words of the answer.
pub(super) type Halted = String;

/// Replaces every reference in a text.
///
/// A text that is nothing but a reference becomes the value it leads to, whatever its type.
pub(super) fn in_text(text: &str, earlier: &HashMap<String, Earlier>) -> Result<Json, Halted> {
    if let Some(inner) = text.strip_prefix("@{").and_then(|rest| rest.strip_suffix('}'))
        && !inner.contains("@{")
    {
        return follow(inner, earlier).cloned();
    }
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("@{") {
        let Some(end) = rest[start..].find('}') else { break };
        replaced.push_str(&rest[..start]);
        match follow(&rest[start + 2..start + end], earlier)? {
            Json::String(text) => replaced.push_str(text),
            Json::Null => {}
            other => replaced.push_str(&other.to_string()),
        }
        rest = &rest[start + end + 1..];
    }
    replaced.push_str(rest);
    Ok(Json::String(replaced))
}

/// Replaces every reference in a body.
pub(super) fn in_body(body: &Json, earlier: &HashMap<String, Earlier>) -> Result<Json, Halted> {
    match body {
        Json::String(text) if text.contains("@{") => in_text(text, earlier),
        Json::Array(items) => {
            items.iter().map(|item| in_body(item, earlier)).collect::<Result<_, _>>().map(Json::Array)
        }
        Json::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((name.clone(), in_body(value, earlier)?)));
            fields.collect::<Result<_, Halted>>().map(Json::Object)
        }
        plain => Ok(plain.clone()),
    }
}

fn follow<'a>(path: &str, earlier: &'a HashMap<String, Earlier>) -> Result<&'a Json, Halted> {
    let lost = |name: &str| format!("Invalid reference specified. No value for {path} found in {name}");
    let name_end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, mut rest) = path.split_at(name_end);
    let found = earlier.get(name).ok_or_else(|| lost(name))?;
    if !found.succeeded {
        return Err(lost(name));
    }
    let mut value = &found.body;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (number, after) = inner.split_once(']').ok_or_else(|| lost(name))?;
            value =
                number.parse().ok().and_then(|number: usize| value.get(number)).ok_or_else(|| lost(name))?;
            rest = after;
        } else {
            let inner = rest.strip_prefix('.').unwrap_or(rest);
            let end = inner.find(['.', '[']).unwrap_or(inner.len());
            value = value.get(&inner[..end]).ok_or_else(|| lost(name))?;
            rest = &inner[end..];
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn earlier() -> HashMap<String, Earlier> {
        let good = Earlier {
            succeeded: true,
            body: json!({"id": "00Q1", "records": [{"Id": "003", "Owner": null}]}),
        };
        let bad = Earlier { succeeded: false, body: json!([{"errorCode": "X"}]) };
        HashMap::from([("good".to_owned(), good), ("bad".to_owned(), bad)])
    }

    #[test]
    fn references_resolve_case_sensitively() {
        let earlier = earlier();
        assert_eq!(in_text("@{good.id}", &earlier), Ok(json!("00Q1")));
        assert_eq!(in_text("/x/@{good.records[0].Id}/y", &earlier), Ok(json!("/x/003/y")));
        assert_eq!(in_text("@{good.records[0].Owner}", &earlier), Ok(Json::Null));
        assert_eq!(in_body(&json!({"A": ["@{good.id}"]}), &earlier), Ok(json!({"A": ["00Q1"]})));
        for lost in
            ["@{good.Id}", "@{good.records[1].Id}", "@{bad.id}", "@{none.id}", "@{good.records[x]}", "@{}"]
        {
            assert!(in_text(lost, &earlier).is_err(), "{lost}");
        }
    }
}
