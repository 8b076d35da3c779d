//! `/exports`: big results, made in the background.

use serde_json::{Value as Json, json};

use crate::engagement::error::{Problem, Refusal};
use crate::http::answer::Answer;
use crate::http::engagement::call::{Answered, EngagementCall, found, id};
use crate::lock::lock;
use crate::state::EmulatorState;

/// Answers a call to exports.
pub(super) fn answer(state: &EmulatorState, call: &EngagementCall, rest: &[&str]) -> Answered {
    match (call.method.as_str(), rest) {
        ("POST", []) => begin(state, call),
        ("GET", []) => {
            let ids = {
                let engagement = lock(&state.engagement);
                engagement.unit(&call.unit).ok_or(Refusal::BusinessUnit)?.exports.ids()
            };
            let fields = call.parameter("fields").unwrap_or_default();
            let values =
                ids.into_iter().map(|id| show(state, call, id, fields)).collect::<Result<Vec<_>, _>>()?;
            Ok(found(json!({"nextPageToken": null, "nextPageUrl": null, "values": values})))
        }
        ("GET", [number]) => {
            show(state, call, id(number)?, call.parameter("fields").unwrap_or_default()).map(found)
        }
        ("POST", [number, "do", "cancel"]) => {
            let number = id(number)?;
            let mut engagement = lock(&state.engagement);
            let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
            unit.exports.cancel(number, call.now)?;
            drop(engagement);
            show(state, call, number, call.parameter("fields").unwrap_or("id,state")).map(found)
        }
        (_, [] | [_] | [_, "do", "cancel"] | [_, "results", _]) => Err(Refusal::MethodNotAllowed.into()),
        _ => Err(Refusal::UnknownObject.into()),
    }
}

/// One file of an export.
pub(super) fn file(
    state: &EmulatorState,
    call: &EngagementCall,
    number: &str,
    place: &str,
) -> Result<String, Problem> {
    let engagement = lock(&state.engagement);
    let unit = engagement.unit(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let place = place.parse().map_err(|_| Refusal::NotFound)?;
    unit.exports.file(id(number)?, place, call.now).map(str::to_owned)
}

fn begin(state: &EmulatorState, call: &EngagementCall) -> Answered {
    let input = call.object()?;
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let user = unit.user(call.user);
    let id = unit.begin_export(&input, user, &call.zone, call.now)?;
    drop(engagement);
    let shown = show(state, call, id, call.parameter("fields").unwrap_or("id,state"))?;
    Ok(Answer::json(201, shown).with("Location", format!("{}/{id}", address(call))))
}

fn show(state: &EmulatorState, call: &EngagementCall, id: u64, fields: &str) -> Result<Json, Problem> {
    let engagement = lock(&state.engagement);
    let unit = engagement.unit(&call.unit).ok_or(Refusal::BusinessUnit)?;
    unit.exports.show(id, fields, &address(call), &call.zone, call.now)
}

fn address(call: &EngagementCall) -> String {
    format!("{}/api/v5/exports", call.address)
}
