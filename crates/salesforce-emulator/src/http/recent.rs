//! `/recent`: the records that were made or changed last.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::answer::Answer;
use super::call::Call;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

const MOST: usize = 200;

/// The caller's latest records, of any object or of one.
pub(super) fn items(org: &Org, call: &Call, only: Option<&ObjectType>, limit: usize) -> Vec<Json> {
    let mut seen = HashSet::new();
    let mine = org.history.latest().filter(|change| change.user == call.user);
    let wanted = mine.filter(|change| only.is_none_or(|only| only.name == change.object));
    wanted
        .filter(|change| seen.insert(change.id))
        .filter_map(|change| org.visible_record(change.id))
        .filter(|(object, _)| object.has("mruEnabled") && object.access.read)
        .take(limit.min(MOST))
        .map(|(object, record)| {
            let url = format!("{}/sobjects/{}/{}", call.base_path, object.name, record.id);
            let name = object.name_field().map(|field| record.value(object, &field.name).to_json());
            json!({"attributes": {"type": object.name, "url": url}, "Id": record.id.to_string(), "Name": name})
        })
        .collect()
}

/// Answers `/recent?limit=n`.
pub(super) fn get(org: &Org, call: &Call) -> Answer {
    let limit = call.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(MOST);
    Answer::json(200, Json::Array(items(org, call, None, limit)))
}
