//! Carrying a composite request out.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Map, Value as Json, json};

use super::super::answer::{Answer, Payload};
use super::super::call::{Call, pairs, segments};
use super::super::error::{error, not_found};
use super::super::{route, versions};
use super::reference::{self, Earlier};
use super::request::{self, Part};
use crate::org::store::Org;
use crate::state::EmulatorState;

const ROLLED_BACK: &str =
    "The transaction was rolled back since another operation in the same transaction failed.";

/// Carries a composite request out; it counts as one API call.
pub(in crate::http) fn post(site: &EmulatorState, org: &mut Org, call: &Call) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let request = match request::read(&body, call.version) {
        Ok(request) => request,
        Err(answer) => return *answer,
    };
    let (shown, _) = whole(site, org, call, &request.parts, request.all_or_none);
    Answer::json(200, json!({"compositeResponse": shown}))
}

/// Carries the calls out; with `all_or_none` one failure takes everything back. Tells whether none failed so.
pub(super) fn whole(
    site: &EmulatorState,
    org: &mut Org,
    call: &Call,
    parts: &[Part],
    all_or_none: bool,
) -> (Vec<Json>, bool) {
    let attempt = org.atomically(|org| {
        let (answers, culprit) = run(site, org, call, parts, all_or_none);
        match culprit {
            Some(culprit) => Err((answers, culprit)),
            None => Ok(answers),
        }
    });
    let successful = attempt.is_ok();
    let answers = attempt.unwrap_or_else(|(answers, culprit)| rolled_back(answers, culprit, parts.len()));
    (answers.into_iter().zip(parts).map(|(answer, part)| show(answer, part)).collect(), successful)
}

/// The answers so far, and the call that failed the whole if one did.
fn run(
    site: &EmulatorState,
    org: &mut Org,
    outer: &Call,
    parts: &[Part],
    all_or_none: bool,
) -> (Vec<Answer>, Option<usize>) {
    let mut earlier = HashMap::new();
    let mut answers = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let answer = match inner_call(outer, part, &earlier) {
            Ok(call) if call.reads() => route::read(site, org, &call),
            // A composite inside a composite would have no end.
            Ok(call) if is_composite(&call) => not_found(),
            Ok(call) => route::write(site, org, &call),
            Err(answer) => *answer,
        };
        let succeeded = answer.succeeded();
        earlier.insert(part.reference.clone(), Earlier { succeeded, body: answer.body_json() });
        let failed_item = all_or_none && has_failed_item(&answer);
        answers.push(answer);
        if all_or_none && (!succeeded || failed_item) {
            return (answers, Some(place));
        }
    }
    (answers, None)
}

fn is_composite(call: &Call) -> bool {
    let name = |place: usize| call.path.get(place).map(|part| part.to_ascii_lowercase());
    name(0).as_deref() == Some("composite") && name(1).as_deref() != Some("sobjects")
}

fn has_failed_item(answer: &Answer) -> bool {
    let Some(Payload::Json(Json::Array(items))) = &answer.body else { return false };
    items.iter().any(|item| item.get("success") == Some(&Json::Bool(false)))
}

fn inner_call(outer: &Call, part: &Part, earlier: &HashMap<String, Earlier>) -> Result<Call, Box<Answer>> {
    let halted = |message: String| Box::new(error(400, "PROCESSING_HALTED", &message));
    let url = reference::in_text(&part.url, earlier).map_err(halted)?;
    let url = url.as_str().unwrap_or_default().to_owned();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let path = segments(path);
    let version = match path.as_slice() {
        [services, data, version, ..] if services == "services" && data == "data" => versions::parse(version),
        _ => None,
    };
    let Some(version) = version else {
        return Err(Box::new(not_found()));
    };
    let body =
        part.body.as_ref().map(|body| reference::in_body(body, earlier)).transpose().map_err(halted)?;
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut headers: Vec<(String, String)> =
        part.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), text(value))).collect();
    let inherited = ["sforce-auto-assign", "sforce-duplicate-rule-header", "sforce-query-options"];
    for (name, value) in outer.headers.iter().filter(|(name, _)| inherited.contains(&name.as_str())) {
        if !headers.iter().any(|(known, _)| known == name) {
            headers.push((name.clone(), value.clone()));
        }
    }
    Ok(Call {
        method: part.method.clone(),
        path: path[3..].to_vec(),
        query: pairs(query.as_bytes()),
        headers,
        body: body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string())),
        version,
        base_path: format!("/services/data/v{version}.0"),
        ..outer.clone()
    })
}

/// Every answer but the culprit's says that its work was taken back.
fn rolled_back(mut answers: Vec<Answer>, culprit: usize, parts: usize) -> Vec<Answer> {
    answers.resize_with(parts, || Answer::empty(400));
    for (place, answer) in answers.iter_mut().enumerate() {
        // A collection keeps its own report although its work was taken back too.
        if place != culprit {
            *answer = error(400, "PROCESSING_HALTED", ROLLED_BACK);
        }
    }
    answers
}

/// One answer as a part of the whole.
pub(super) fn show(answer: Answer, part: &Part) -> Json {
    let body = answer.body_json();
    let headers: Map<String, Json> =
        answer.headers.into_iter().map(|(name, value)| (name.to_owned(), Json::String(value))).collect();
    json!({"body": body, "httpHeaders": headers, "httpStatusCode": answer.status, "referenceId": part.reference})
}
