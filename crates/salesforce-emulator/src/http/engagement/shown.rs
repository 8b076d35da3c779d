//! Responses that show one record.

use serde_json::Value as Json;

use crate::engagement::error::{Problem, Refusal};
use crate::engagement::project::Selection;
use crate::engagement::schema::EngagementObject;
use crate::http::answer::Answer;
use crate::http::engagement::call::EngagementCall;
use crate::lock::lock;
use crate::state::EmulatorState;

/// The response for a new record.
pub(super) fn created(call: &EngagementCall, object: &EngagementObject, id: u64, body: Json) -> Answer {
    Answer::json(201, body).with("Location", format!("{}/{id}", address(call, object)))
}

/// A record as it is now.
pub(super) fn show(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    id: u64,
    selection: &Selection,
) -> Result<Json, Problem> {
    let engagement = lock(&state.engagement);
    let unit = engagement.unit(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let row = unit.table(&object.collection).and_then(|table| table.get(id)).ok_or(Refusal::NotFound)?;
    Ok(selection.show(unit, object, row, &call.zone))
}

/// The address of a collection.
pub(super) fn address(call: &EngagementCall, object: &EngagementObject) -> String {
    format!("{}/api/v5/objects/{}", call.address, object.collection)
}
