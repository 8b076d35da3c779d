//! `…/do/{action}`: actions other than reading and plain writing.

use serde_json::{Map, Value as Json};

use crate::engagement::error::{Problem, Refusal};
use crate::engagement::project::Selection;
use crate::engagement::schema::{self, EngagementObject};
use crate::http::answer::Answer;
use crate::http::engagement::call::{Answered, EngagementCall, found};
use crate::http::engagement::shown::{created, show};
use crate::lock::lock;
use crate::state::EmulatorState;

/// Answers an action on a whole collection.
pub(super) fn on_collection(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    action: &str,
) -> Answered {
    let input = call.object()?;
    match (object.collection.as_str(), action) {
        ("prospects", "upsertLatestByEmail") => upsert(state, call, object, &input),
        (_, "undelete") if object.allows("undelete") => {
            let id = input.get("id").or(input.get("prospectId")).and_then(Json::as_u64);
            undelete(state, call, object, id.ok_or(Refusal::InvalidFields.about("id is required"))?)
        }
        _ => Err(Refusal::UnknownObject.about(action)),
    }
}

/// Answers an action on one record.
pub(super) fn on_record(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    id: u64,
    action: &str,
) -> Answered {
    match (object.collection.as_str(), action) {
        ("prospects", "addTag") => add_tag(state, call, id),
        ("prospects", "removeTag") => {
            let mut engagement = lock(&state.engagement);
            let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
            unit.remove_tag(id, &call.object()?)?;
            Ok(Answer::empty(204))
        }
        (_, "undelete") if object.allows("undelete") => undelete(state, call, object, id),
        _ => Err(Refusal::UnknownObject.about(action)),
    }
}

fn upsert(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    input: &Map<String, Json>,
) -> Answered {
    let selection = asked(call, object, input)?;
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let (id, new) = unit.upsert_latest_by_email(call.writer(unit), input)?;
    drop(engagement);
    let shown = show(state, call, object, id, &selection)?;
    Ok(if new { created(call, object, id, shown) } else { found(shown) })
}

/// The fields to show, which an upsert names in its body.
fn asked(
    call: &EngagementCall,
    object: &'static EngagementObject,
    input: &Map<String, Json>,
) -> Result<Selection, Problem> {
    match input.get("fields").and_then(Json::as_array) {
        Some(names) => {
            let names: Vec<&str> = names.iter().filter_map(Json::as_str).collect();
            Selection::read(object, &names.join(","))
        }
        None => call.shown_fields(object),
    }
}

fn undelete(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    id: u64,
) -> Answered {
    let selection = call.shown_fields(object)?;
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    unit.undelete(call.writer(unit), object, id)?;
    drop(engagement);
    show(state, call, object, id, &selection).map(found)
}

fn add_tag(state: &EmulatorState, call: &EngagementCall, prospect: u64) -> Answered {
    let object = schema::object("tagged-objects").ok_or(Refusal::UnknownObject)?;
    let (selection, input) = (call.shown_fields(object)?, call.object()?);
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let tagged = unit.add_tag(call.writer(unit), prospect, &input)?;
    drop(engagement);
    show(state, call, object, tagged, &selection).map(found)
}
