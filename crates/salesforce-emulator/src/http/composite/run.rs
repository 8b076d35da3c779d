//! Executing a composite request.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Map, Value as Json, json};

use crate::http::answer::{Answer, Payload};
use crate::http::call::{Call, pairs, segments};
use crate::http::composite::reference::{self, Earlier};
use crate::http::composite::request::{self, Part};
use crate::http::dispatch::Dispatch;
use crate::http::error::{error, not_found};
use crate::http::versions;
use crate::org::store::Org;
use crate::state::EmulatorState;

const ROLLED_BACK: &str =
    "The transaction was rolled back since another operation in the same transaction failed.";

/// Executes a composite request; it counts as one API call.
pub(in crate::http) fn post(state: &EmulatorState, org: &mut Org, call: &Call, answer: Dispatch) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let request = match request::read(&body, call.version) {
        Ok(request) => request,
        Err(answer) => return *answer,
    };
    let (shown, _) = whole(state, org, call, &request.parts, request.all_or_none, answer);
    Answer::json(200, json!({"compositeResponse": shown}))
}

/// Answers the calls; with `all_or_none` one failure rolls everything back. Also returns whether all was kept.
pub(super) fn whole(
    state: &EmulatorState,
    org: &mut Org,
    call: &Call,
    parts: &[Part],
    all_or_none: bool,
    answer: Dispatch,
) -> (Vec<Json>, bool) {
    let attempt = org.atomically(|org| {
        let (answers, culprit) = run(state, org, call, parts, all_or_none, answer);
        match culprit {
            Some(culprit) => Err((answers, culprit)),
            None => Ok(answers),
        }
    });
    let successful = attempt.is_ok();
    let answers = attempt.unwrap_or_else(|(answers, culprit)| rolled_back(answers, culprit, parts.len()));
    (answers.into_iter().zip(parts).map(|(answer, part)| show(answer, part)).collect(), successful)
}

/// The answers so far, and the call that failed the whole, if any.
fn run(
    state: &EmulatorState,
    org: &mut Org,
    outer: &Call,
    parts: &[Part],
    all_or_none: bool,
    answer: Dispatch,
) -> (Vec<Answer>, Option<usize>) {
    let mut earlier = HashMap::new();
    let mut answers = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let result = match inner_call(outer, part, &earlier) {
            // A composite inside a composite could nest without end.
            Ok(call) if !call.reads() && is_composite(&call) => not_found(),
            Ok(call) => answer(state, org, &call),
            Err(answer) => *answer,
        };
        let succeeded = result.succeeded();
        earlier.insert(part.reference.clone(), Earlier { succeeded, body: result.body_json() });
        let failed_item = all_or_none && has_failed_item(&result);
        answers.push(result);
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

/// Replaces every answer except the culprit's by the report of the rollback.
fn rolled_back(mut answers: Vec<Answer>, culprit: usize, parts: usize) -> Vec<Answer> {
    answers.resize_with(parts, || Answer::empty(400));
    for (place, answer) in answers.iter_mut().enumerate() {
        // A collection keeps its own report, although its changes are rolled back too.
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
