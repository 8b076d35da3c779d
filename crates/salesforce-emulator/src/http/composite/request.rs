//! What a composite request asks for, checked as a whole.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use crate::http::answer::Answer;
use crate::http::error::{bad_body, error};

/// Calls in one request.
const MAX: usize = 25;
/// Queries and collections in one request.
const MAX_QUERIES: usize = 5;

/// One call inside a composite request.
pub(super) struct Part {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) reference: String,
    pub(super) body: Option<Json>,
    pub(super) headers: Map<String, Json>,
}

/// A composite request.
pub(super) struct Request {
    pub(super) all_or_none: bool,
    pub(super) parts: Vec<Part>,
}

/// Reads a composite request, or says why it cannot be carried out at all.
pub(super) fn read(body: &Map<String, Json>, version: u32) -> Result<Request, Box<Answer>> {
    let Some(entries) = body.get("compositeRequest").and_then(Json::as_array) else {
        let message = "request may be missing a required field: compositeRequest at [line:1, column:1]";
        return Err(Box::new(bad_body(message)));
    };
    if entries.len() > MAX {
        let message = format!("The composite request exceeds the limit of {MAX} subrequests");
        return Err(Box::new(error(400, "LIMIT_EXCEEDED", &message)));
    }
    let parts = entries.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    check_references(&parts, version)?;
    if parts.iter().filter(|part| is_query(&part.url)).count() > MAX_QUERIES {
        let message = format!(
            "The composite request exceeds the limit of {MAX_QUERIES} query and sObject collection operations"
        );
        return Err(Box::new(error(400, "LIMIT_EXCEEDED", &message)));
    }
    let all_or_none = body.get("allOrNone").and_then(Json::as_bool).unwrap_or(false);
    Ok(Request { all_or_none, parts })
}

/// Reads one call.
pub(super) fn part(entry: &Json) -> Result<Part, Box<Answer>> {
    let text = |key: &str| {
        let missing = || {
            Box::new(bad_body(&format!(
                "request may be missing a required field: {key} at [line:1, column:1]"
            )))
        };
        entry.get(key).and_then(Json::as_str).map(str::to_owned).ok_or_else(missing)
    };
    let part = Part {
        method: text("method")?,
        url: text("url")?,
        reference: text("referenceId")?,
        body: entry.get("body").filter(|body| !body.is_null()).cloned(),
        headers: entry.get("httpHeaders").and_then(Json::as_object).cloned().unwrap_or_default(),
    };
    if !matches!(part.method.as_str(), "GET" | "POST" | "PATCH" | "DELETE" | "PUT" | "HEAD") {
        let message =
            format!("Cannot deserialize instance of HttpMethod from VALUE_STRING value {}", part.method);
        return Err(Box::new(bad_body(&message)));
    }
    let forbidden = ["accept", "authorization", "content-type"];
    if part.headers.keys().any(|name| forbidden.contains(&name.to_ascii_lowercase().as_str())) {
        let message = "The Accept, Authorization and Content-Type headers cannot be set in httpHeaders";
        return Err(Box::new(error(400, "INVALID_HEADER", message)));
    }
    Ok(part)
}

fn check_references(parts: &[Part], version: u32) -> Result<(), Box<Answer>> {
    let mut seen = HashSet::new();
    for part in parts {
        if !seen.insert(part.reference.as_str()) {
            let message =
                format!("Provided referenceId ('{}') must be unique within the request", part.reference);
            return Err(Box::new(error(400, "INVALID_REFERENCE_ID", &message)));
        }
        let plain = part.reference.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if (!plain || part.reference.is_empty()) && version >= 52 {
            let message = format!(
                "Provided referenceId ('{}') must contain only letters, digits and underscores",
                part.reference
            );
            return Err(Box::new(error(400, "INVALID_REFERENCE_ID", &message)));
        }
    }
    Ok(())
}

fn is_query(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let rest = path.split('/').filter(|part| !part.is_empty()).skip(3);
    let rest: Vec<&str> = rest.collect();
    matches!(rest.as_slice(), ["query" | "queryall", ..] | ["composite", "sobjects", ..])
}
