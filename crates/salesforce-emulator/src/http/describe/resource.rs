//! The three describe resources.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::conditions;
use crate::http::describe::object;
use crate::http::middleware::last_modified;
use crate::http::recent;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Every object.
pub(in crate::http) fn global(org: &Org, call: &Call) -> Answer {
    unchanged(org, call).unwrap_or_else(|| {
        let visible = org.schema.objects().filter(|object| object.access.read);
        let objects: Vec<Json> =
            visible.map(|object| Json::Object(object::summary(org, call, object))).collect();
        dated(
            org,
            call,
            Answer::json(200, json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects})),
        )
    })
}

/// One object in short, and the records of it seen last.
pub(in crate::http) fn basic(org: &Org, call: &Call, object: &Arc<ObjectType>) -> Answer {
    Answer::json(
        200,
        json!({"objectDescribe": object::summary(org, call, object), "recentItems": recent::items(org, call, Some(object), 10)}),
    )
}

/// One object with its fields.
pub(in crate::http) fn full(
    state: &EmulatorState,
    org: &Org,
    call: &Call,
    object: &Arc<ObjectType>,
) -> Answer {
    unchanged(org, call).unwrap_or_else(|| {
        let described = object::full(org, call, object, &state.public_url);
        dated(org, call, Answer::json(200, Json::Object(described)))
    })
}

fn unchanged(org: &Org, call: &Call) -> Option<Answer> {
    last_modified::not_since(call, org.schema_changed).then(|| dated(org, call, Answer::empty(304)))
}

/// Whatever tells of the setup carries the moment of the org's last change of any object or field.
pub(in crate::http) fn dated(org: &Org, call: &Call, answer: Answer) -> Answer {
    let changed = org.schema_changed;
    let tag = format!("{:08x}", changed.as_second().unsigned_abs() as u32);
    answer.with("ETag", conditions::quoted(call, &tag)).with("Last-Modified", last_modified::print(changed))
}
