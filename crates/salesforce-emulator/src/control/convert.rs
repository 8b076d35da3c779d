//! Converting a lead, as users do in the browser.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::control::answer::{Answer, Refusal, read};
use crate::org::ids::RecordId;
use crate::org::save::{Conversion, SaveContext};
use crate::state::EmulatorState;

/// Converts a lead: `{"lead_id": "00Q…", "account_id": "001…"?, "opportunity": true?}`.
pub(crate) async fn convert(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let asked = read(&body)?;
    let id = |key: &str| asked.get(key).and_then(Value::as_str).and_then(RecordId::parse);
    let lead = id("lead_id").ok_or_else(|| Refusal("lead_id must be the id of a lead".to_owned()))?;
    let opportunity = asked.get("opportunity").and_then(Value::as_bool).unwrap_or(true);
    let mut org = state.write();
    let context = SaveContext::plain(org.settings.admin);
    let asked = Conversion {
        account: id("account_id"),
        without_opportunity: !opportunity,
        status: asked.get("status").and_then(Value::as_str).map(str::to_owned),
        ..Conversion::default()
    };
    let done = org.convert_lead(&context, lead, &asked);
    let done = done.map_err(Refusal::from)?;
    Ok(Json(json!({"account_id": done.account.to_string(), "contact_id": done.contact.to_string(),
                   "opportunity_id": done.opportunity.map(|id| id.to_string())})))
}
