//! `/objects/{collection}`: records of every kind.

use serde_json::{Value as Json, json};

use crate::engagement::error::{Problem, Refusal};
use crate::engagement::query::{Page, Query};
use crate::engagement::schema::{self, EngagementObject};
use crate::http::answer::Answer;
use crate::http::engagement::actions;
use crate::http::engagement::call::{Answered, EngagementCall, found, id};
use crate::http::engagement::shown::{address, created, show};
use crate::http::middleware::last_modified;
use crate::lock::lock;
use crate::state::EmulatorState;

/// Answers a call to one collection.
pub(super) fn answer(
    state: &EmulatorState,
    call: &EngagementCall,
    collection: &str,
    rest: &[&str],
) -> Answered {
    let object = schema::object(collection).ok_or(Refusal::UnknownObject)?;
    let may = |operation: &str| {
        if object.allows(operation) { Ok(()) } else { Err(Problem::from(Refusal::MethodNotAllowed)) }
    };
    match (call.method.as_str(), rest) {
        ("GET", []) => query(state, call, object),
        ("POST", []) => may("create").and_then(|()| create(state, call, object)),
        ("POST", ["do", action]) => actions::on_collection(state, call, object, action),
        ("GET", [number]) => read(state, call, object, id(number)?),
        ("PATCH", [number]) => may("update").and_then(|()| update(state, call, object, id(number)?)),
        ("DELETE", [number]) => may("delete").and_then(|()| delete(state, call, object, id(number)?)),
        ("POST", [number, "do", action]) => actions::on_record(state, call, object, id(number)?, action),
        (_, [] | [_] | ["do", _] | [_, "do", _]) => Err(Refusal::MethodNotAllowed.into()),
        _ => Err(Refusal::UnknownObject.into()),
    }
}

fn query(state: &EmulatorState, call: &EngagementCall, object: &'static EngagementObject) -> Answered {
    let selection = call.selection(object)?;
    let mut engagement = lock(&state.engagement);
    let query = match call.parameter("nextPageToken") {
        Some(token) => {
            let others = call.parameters.iter().find(|(name, _)| name != "fields" && name != "nextPageToken");
            if let Some((name, _)) = others {
                return Err(
                    Refusal::InvalidParameter.about(&format!("{name} cannot stand beside nextPageToken"))
                );
            }
            engagement.continued(&call.unit, object, token, call.now)?
        }
        None => Query::read(object, &call.parameters)?,
    };
    let (page, token) = engagement.page(&call.unit, object, &query, call.now)?;
    let unit = engagement.unit(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let values = page.rows.iter().map(|row| selection.show(unit, object, row, &call.zone));
    Ok(page_answer(call, object, &page, token.as_deref(), values.collect()))
}

fn page_answer(
    call: &EngagementCall,
    object: &EngagementObject,
    page: &Page,
    token: Option<&str>,
    values: Vec<Json>,
) -> Answer {
    let next = token.map(|token| {
        let parameters = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("fields", call.parameter("fields").unwrap_or_default())
            .append_pair("nextPageToken", token)
            .finish();
        format!("{}?{parameters}", address(call, object))
    });
    let answer = found(json!({"nextPageToken": token, "nextPageUrl": next, "values": values}));
    // The chain of tokens ends although there are more records.
    if page.cut { answer.with("Pardot-Warning", "203") } else { answer }
}

fn read(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    id: u64,
) -> Answered {
    let selection = call.selection(object)?;
    let engagement = lock(&state.engagement);
    let unit = engagement.unit(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let row = match call.parameter("deleted") {
        Some("all" | "true") => unit.table(&object.collection).and_then(|table| table.get(id)),
        _ => unit.live(&object.collection, id),
    };
    let row = row.ok_or(Refusal::NotFound)?;
    let modified = unit.value(&object.collection, row, "updatedAt").as_datetime();
    let unchanged =
        modified.zip(call.modified_since).is_some_and(|(at, since)| at.as_second() <= since.as_second());
    let answer =
        if unchanged { Answer::empty(304) } else { found(selection.show(unit, object, row, &call.zone)) };
    Ok(match modified {
        Some(modified) => answer.with("Last-Modified", last_modified::print(modified)),
        None => answer,
    })
}

fn create(state: &EmulatorState, call: &EngagementCall, object: &'static EngagementObject) -> Answered {
    let (selection, input) = (call.shown_fields(object)?, call.object()?);
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    let id = unit.create(call.writer(unit), object, &input)?;
    drop(engagement);
    Ok(created(call, object, id, show(state, call, object, id, &selection)?))
}

fn update(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    id: u64,
) -> Answered {
    let (selection, input) = (call.shown_fields(object)?, call.object()?);
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    unit.update(call.writer(unit), object, id, &input)?;
    drop(engagement);
    show(state, call, object, id, &selection).map(found)
}

fn delete(
    state: &EmulatorState,
    call: &EngagementCall,
    object: &'static EngagementObject,
    id: u64,
) -> Answered {
    let mut engagement = lock(&state.engagement);
    let unit = engagement.unit_mut(&call.unit).ok_or(Refusal::BusinessUnit)?;
    unit.delete(call.writer(unit), object, id)?;
    Ok(Answer::empty(204))
}
