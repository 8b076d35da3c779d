//! Merging, and the recycle bin, as users use them in the browser.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::control::answer::{Answer, Refusal, read};
use crate::org::error::SaveResult;
use crate::org::ids::RecordId;
use crate::org::save::SaveContext;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Merges records: `{"master_id": "00Q…", "losing_ids": ["00Q…"], "fields": {…}?}`.
pub(crate) async fn merge(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let asked = read(&body)?;
    let master = asked.get("master_id").and_then(Value::as_str).and_then(RecordId::parse);
    let master = master.ok_or_else(|| Refusal("master_id must be the id of a record".to_owned()))?;
    let losers = ids(asked.get("losing_ids"), "losing_ids")?;
    let fields = asked.get("fields").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    let mut org = state.write();
    let context = SaveContext::plain(org.settings.admin);
    let merged = org.merge(&context, master, &fields, &losers)?;
    let texts = |ids: &[RecordId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    Ok(Json(json!({"merged": texts(&merged.losers), "moved": texts(&merged.moved)})))
}

/// Takes records out of the recycle bin: `{"ids": […]}`.
pub(crate) async fn undelete(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    each(&state, &body, |org, id| org.undelete(&SaveContext::plain(org.settings.admin), id))
}

/// Takes records away for good, whether they are in the recycle bin or not: `{"ids": […]}`. With `"forgotten": true`
/// the org then knows nothing any more of what was purged.
pub(crate) async fn hard_delete(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let answer = each(&state, &body, |org, id| {
        if let Some(object) = org.visible_record(id).map(|(object, _)| Arc::clone(object)) {
            org.delete(&SaveContext::plain(org.settings.admin), &object, id)?;
        }
        org.purge(id)
    })?;
    if read(&body)?.get("forgotten").is_some_and(|flag| *flag == json!(true)) {
        state.write().forget_purged();
    }
    Ok(answer)
}

fn each(state: &EmulatorState, body: &Bytes, work: impl Fn(&mut Org, RecordId) -> SaveResult<()>) -> Answer {
    let asked = read(body)?;
    let ids = ids(asked.get("ids"), "ids")?;
    let mut org = state.write();
    org.atomically(|org| ids.iter().try_for_each(|id| work(org, *id)))?;
    Ok(Json(json!({"ids": ids.iter().map(ToString::to_string).collect::<Vec<_>>()})))
}

fn ids(list: Option<&Value>, key: &str) -> Result<Vec<RecordId>, Refusal> {
    let list = list.and_then(Value::as_array);
    let parsed = list.and_then(|list| list.iter().map(|id| RecordId::parse(id.as_str()?)).collect());
    parsed.ok_or_else(|| Refusal(format!("{key} must be a list of record ids")))
}
