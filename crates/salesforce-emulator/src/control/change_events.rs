//! `/emulator/change-events`: which objects have events, and what goes wrong with them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::control::answer::{Answer, Refusal, read};
use crate::control::entries::{entries, text, texts, texts_of};
use crate::org::change_events::ChangeType;
use crate::org::ids::RecordId;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Stands for all records, in the event of a transaction that changed too much.
const OVERFLOW: &str = "000000000000000AAA";

/// Shows what is selected, what is kept and who listens.
pub(crate) async fn change_events(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    let org = state.read();
    let settings = &org.events.settings;
    Json(json!({
        "selected": org.events.selected().collect::<Vec<_>>(),
        "kept": org.events.count_kept(),
        "subscriptions": state.streams.count(),
        "silent": settings.silent,
        "late_seconds": settings.late_seconds,
        "daily_deliveries": settings.daily_deliveries,
        "deliveries_left": org.events.deliveries_left(state.clock.now()),
    }))
}

/// Selects objects, adds events of what never happened, or has something go wrong.
pub(crate) async fn set_change_events(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let Value::Object(asked) = read(&body)? else {
        return Err(Refusal("the body must be a JSON object".to_owned()));
    };
    asked.iter().try_for_each(|(key, value)| apply(&state, key, value))?;
    state.read().events.wake();
    Ok(change_events(State(state)).await)
}

fn apply(state: &EmulatorState, key: &str, value: &Value) -> Result<(), String> {
    let mut org = state.write();
    let flag = || value.as_bool().ok_or_else(|| format!("{key} must be true or false"));
    let number = || value.as_u64().ok_or_else(|| format!("{key} must be a number"));
    match key {
        "selected" => {
            let names = texts_of(Some(value));
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let Org { events, schema, .. } = &mut *org;
            events.select(&names, schema)?;
        }
        "gap" => entries(value)?.into_iter().try_for_each(|entry| gap(&mut org, entry))?,
        "overflow" => {
            let object = object(&org, value.as_str().unwrap_or_default())?;
            org.publish_gap(&object, vec![OVERFLOW.to_owned()], ChangeType::GapOverflow);
        }
        "silent" => org.events.settings.silent = flag()?,
        "late_seconds" => org.events.settings.late_seconds = i64::try_from(number()?).unwrap_or(0),
        "daily_deliveries" => org.events.settings.daily_deliveries = number()?,
        "break_off" if flag()? => state.streams.break_off(),
        "forget" if flag()? => org.events.forget(),
        "break_off" | "forget" => {}
        other => return Err(format!("{other} is nothing of change events")),
    }
    Ok(())
}

/// Adds an event that tells only which records changed: `{"object": "Lead", "ids": ["00Q…"], "type": "GAP_UPDATE"}`.
fn gap(org: &mut Org, entry: &Map<String, Value>) -> Result<(), String> {
    let object = object(org, text(entry, "object")?)?;
    let name = entry.get("type").and_then(Value::as_str).unwrap_or("GAP_UPDATE");
    let kind = ChangeType::parse(name).filter(|_| name.starts_with("GAP_"));
    let kind = kind.ok_or_else(|| format!("{name} is no type of a gap event"))?;
    let id = |text: String| {
        RecordId::parse(&text).map(|id| id.to_string()).ok_or_else(|| format!("{text} is no id"))
    };
    let ids = texts(entry, "ids").into_iter().map(id).collect::<Result<Vec<_>, _>>()?;
    org.publish_gap(&object, ids, kind);
    Ok(())
}

fn object(org: &Org, name: &str) -> Result<Arc<ObjectType>, String> {
    org.schema.object(name).cloned().ok_or_else(|| format!("there is no object {name}"))
}
