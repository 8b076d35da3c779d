//! One call of the data API, by itself or inside a composite request.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value as Json};

use crate::http::answer::Answer;
use crate::http::error::bad_body;
use crate::http::origin::origin;
use crate::org::ids::RecordId;
use crate::org::save::{AutoAssign, SaveContext};

/// Whether another user has locked the next written record; decided again at each call.
pub(crate) type RowLocked = Arc<dyn Fn() -> bool + Send + Sync>;

/// One call of the data API.
#[derive(Clone)]
pub(crate) struct Call {
    /// The method, in capitals.
    pub(crate) method: String,
    /// The path after the version, decoded, without empty parts.
    pub(crate) path: Vec<String>,
    /// The query string.
    pub(crate) query: Vec<(String, String)>,
    /// Headers, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Bytes,
    /// The API version, such as 66.
    pub(crate) version: u32,
    /// The path up to the version.
    pub(crate) base_path: String,
    /// Who calls.
    pub(crate) user: RecordId,
    /// Whether another user holds the lock of the next written record.
    pub(crate) row_locked: RowLocked,
}

impl Call {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query string.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Where what it changes comes from.
    pub(crate) fn origin(&self) -> String {
        let first = self.path.first().map(|first| first.to_ascii_lowercase());
        let api = match first.as_deref() {
            Some("tooling") => "toolingrest",
            Some("jobs") => "bulkapi",
            _ => "rest",
        };
        origin(api, &format!("{}.0", self.version), self.header("sforce-call-options"))
    }

    /// Whether this only reads.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// The body as a JSON object.
    pub(crate) fn object(&self) -> Result<Map<String, Json>, Box<Answer>> {
        match self.json()? {
            Json::Object(object) => Ok(object),
            _ => Err(Box::new(bad_body("Unexpected character: was expecting '{' at [line:1, column:1]"))),
        }
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Json, Box<Answer>> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Err(Box::new(bad_body(
                "The HTTP entity body is required, but this request has no entity body.",
            )));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| Box::new(bad_body(&unreadable(&self.body, &error))))
    }

    /// The wishes that its headers bring to a save.
    pub(crate) fn save_context(&self) -> SaveContext<'_> {
        let duplicates = self.header("sforce-duplicate-rule-header").unwrap_or_default().to_ascii_lowercase();
        let wish = |name: &str| {
            duplicates.split([';', ',']).any(|part| part.replace(' ', "") == format!("{name}=true"))
        };
        SaveContext {
            user: self.user,
            auto_assign: auto_assign(self.header("sforce-auto-assign").unwrap_or_default()),
            allow_duplicates: wish("allowsave"),
            duplicate_details: wish("includerecorddetails"),
            base_path: &self.base_path,
            row_locked: &*self.row_locked,
        }
    }
}

fn auto_assign(wish: &str) -> AutoAssign {
    match RecordId::parse(wish.trim()) {
        Some(rule) => AutoAssign::Rule(rule),
        None if wish.trim().eq_ignore_ascii_case("false") => AutoAssign::Off,
        None => AutoAssign::Active,
    }
}

/// Splits a path and decodes its parts.
pub(crate) fn segments(path: &str) -> Vec<String> {
    let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
    path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
}

/// Reads a query string or a form.
pub(crate) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// What a server written in Java says about a body that is no JSON.
fn unreadable(body: &[u8], error: &serde_json::Error) -> String {
    let line = body.split(|byte| *byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let letter = line.get(error.column().saturating_sub(1)..).and_then(|rest| rest.chars().next());
    let reason = error.to_string();
    let wanted = match () {
        () if reason.starts_with("key must be a string") => "was expecting double-quote to start field name",
        () if reason.contains("expected `,` or `}`") => "was expecting comma to separate OBJECT entries",
        () if reason.contains("expected `,` or `]`") => "was expecting comma to separate ARRAY entries",
        () if reason.contains("expected `:`") => "was expecting a colon to separate field name and value",
        () => "expected a valid value (number, String, array, object, 'true', 'false' or 'null')",
    };
    let place = format!("[line:{}, column:{}]", error.line(), error.column());
    match letter.filter(|_| !error.is_eof()) {
        Some(letter) => {
            format!("Unexpected character ('{letter}' (code {})): {wanted} at {place}", u32::from(letter))
        }
        None => format!("Unexpected end-of-input: expected close marker at {place}"),
    }
}
