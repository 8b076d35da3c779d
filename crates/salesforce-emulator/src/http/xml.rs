//! Answers as XML, for those who ask: the same names, in elements.

use serde_json::{Map, Value as Json};

use crate::http::answer::Answer;
use crate::http::call::Call;

const XML: &str = "application/xml;charset=UTF-8";
/// Names in a path up to which a last name may end in `.xml` or `.json`; after that it is part of a key.
const NAMES: usize = 3;

/// Takes `.json` or `.xml` off the end of a path, and tells whether the answer is to be XML.
pub(super) fn wanted(call: &mut Call) -> bool {
    let accepts = call.header("accept").unwrap_or_default();
    let mut wanted = accepts.contains("application/xml") && !accepts.contains("json");
    let plain = call.path.len() <= NAMES;
    if let Some(last) = call.path.last_mut().filter(|_| plain) {
        for (ending, xml) in [(".json", false), (".xml", true)] {
            if let Some(name) = last.strip_suffix(ending) {
                *last = name.to_owned();
                wanted = xml;
                break;
            }
        }
    }
    wanted
}

/// The same answer with its body as XML.
pub(super) fn convert(answer: Answer) -> Answer {
    if answer.body.is_none() {
        return answer;
    }
    let body = answer.body_json();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
    element(&mut text, root(&body), &body);
    let Answer { status, headers, .. } = answer;
    Answer { headers, ..Answer::bytes(status, XML, text) }
}

fn root(body: &Json) -> &str {
    let has = |key: &str| body.get(key).is_some();
    match body {
        Json::Array(items) if items.iter().any(|item| item.get("errorCode").is_some()) => "Errors",
        Json::Array(_) => "Results",
        _ if has("totalSize") && has("records") => "QueryResult",
        _ if has("attributes") => body["attributes"]["type"].as_str().unwrap_or("Record"),
        _ if has("success") => "Result",
        _ if has("fields") && has("keyPrefix") => "DescribeSObject",
        _ if has("sobjects") => "DescribeGlobal",
        _ => "Result",
    }
}

fn element(text: &mut String, name: &str, value: &Json) {
    match value {
        Json::Null => {
            let nil = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";
            text.push_str(&format!("<{name} {nil}/>"));
        }
        Json::Array(items) => {
            let inner = if name == "Errors" { "Error" } else { "Result" };
            text.push_str(&format!("<{name}>"));
            items.iter().for_each(|item| element(text, inner, item));
            text.push_str(&format!("</{name}>"));
        }
        Json::Object(fields) => object(text, name, fields),
        Json::String(plain) => text.push_str(&format!("<{name}>{}</{name}>", escape(plain))),
        other => text.push_str(&format!("<{name}>{other}</{name}>")),
    }
}

fn object(text: &mut String, name: &str, fields: &Map<String, Json>) {
    text.push_str(&format!("<{name}"));
    if let Some(Json::Object(attributes)) = fields.get("attributes") {
        for (name, value) in attributes.iter().filter(|(name, _)| is_name(name)) {
            let value = escape(value.as_str().unwrap_or_default()).replace('"', "&quot;");
            text.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    text.push('>');
    for (name, value) in fields.iter().filter(|(name, _)| *name != "attributes") {
        // What has a name XML does not allow stands in an element with an attribute.
        let tag = if is_name(name) { name.clone() } else { "entry".to_owned() };
        match value {
            // A list is its items, one after the other.
            Json::Array(items) => items.iter().for_each(|item| element(text, &tag, item)),
            single => element(text, &tag, single),
        }
    }
    text.push_str(&format!("</{name}>"));
}

fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}

/// A text as XML holds it; letters that XML has no way to hold are left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | '\r' => escaped.push(letter),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_become_repeated_xml_elements() {
        for (body, expected) in [
            (
                json!([{"message": "a<b", "errorCode": "X"}]),
                "<Errors><Error><message>a&lt;b</message><errorCode>X</errorCode></Error></Errors>",
            ),
            (
                json!({"id": "1", "success": true, "errors": []}),
                "<Result><id>1</id><success>true</success></Result>",
            ),
            (
                json!({"totalSize": 1, "done": true, "records": [{"attributes": {"type": "Lead", "url": "/x"}, "Name": "n"}]}),
                "<QueryResult><totalSize>1</totalSize><done>true</done><records type=\"Lead\" url=\"/x\"><Name>n</Name></records></QueryResult>",
            ),
        ] {
            let Json::String(text) = json!(
                String::from_utf8(match convert(Answer::json(200, body)).body {
                    Some(crate::http::answer::Payload::Bytes { bytes, .. }) => bytes.to_vec(),
                    _ => Vec::new(),
                })
                .unwrap()
            ) else {
                return;
            };
            assert_eq!(text.split_once("?>").unwrap().1, expected);
        }
    }
}
