//! `/recent`: the records that were made or changed last.

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::org::ids::RecordId;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

const MAX: usize = 200;

/// The caller's latest records, of any object or of one.
pub(super) fn items(org: &Org, call: &Call, only: Option<&ObjectType>, limit: usize) -> Vec<Json> {
    org.recent
        .of(call.user)
        .into_iter()
        .filter_map(|id| org.visible_record(id))
        .filter(|(object, _)| only.is_none_or(|only| only.name == object.name))
        .filter(|(object, _)| object.has("mruEnabled") && object.access.read)
        .take(limit.min(MAX))
        .map(|(object, record)| {
            let url = format!("{}/sobjects/{}/{}", call.base_path, object.name, record.id);
            let name = object.name_field().map(|field| record.value(object, &field.name).to_json());
            json!({"attributes": {"type": object.name, "url": url}, "Id": record.id.to_string(), "Name": name})
        })
        .collect()
}

/// Answers `/recent?limit=n`.
pub(super) fn get(org: &Org, call: &Call) -> Answer {
    let limit = call.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(MAX);
    Answer::json(200, Json::Array(items(org, call, None, limit)))
}

/// Notes that the caller made, changed or read one record, unless `Sforce-Mru` asks not to.
pub(super) fn note(org: &Org, call: &Call, answer: &Answer) {
    let silent = call.header("sforce-mru").is_some_and(|value| value.to_ascii_lowercase().contains("=false"));
    let one = call.path.first().is_some_and(|part| part.eq_ignore_ascii_case("sobjects"));
    if silent || !one || !answer.succeeded() || call.method == "DELETE" {
        return;
    }
    let made = answer.headers.iter().find(|(name, _)| *name == "Location").map(|(_, place)| place.as_str());
    let named =
        made.and_then(|place| place.rsplit('/').next()).or_else(|| call.path.get(2).map(String::as_str));
    if let Some(id) = named.and_then(RecordId::parse) {
        org.recent.note(call.user, id);
    }
}
