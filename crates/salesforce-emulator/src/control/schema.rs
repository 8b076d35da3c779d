//! `/emulator/schema`: what an administrator does in the setup screens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::control::answer::{Answer, Refusal, read};
use crate::control::{
    setup_app, setup_fields, setup_objects, setup_profiles, setup_record_types, setup_rules, setup_users,
};
use crate::lock::lock;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Changes the org as asked; nothing is changed when any part of the request makes no sense.
pub(crate) async fn schema(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let asked = read(&body)?;
    let asked = asked.as_object().ok_or_else(|| Refusal("the body must be a JSON object".to_owned()))?;
    let mut org = state.write();
    let before = (org.schema.clone(), org.rules.clone(), org.settings.clone(), org.hidden_records.clone());
    let done = org.atomically(|org| apply(&state, org, asked));
    if let Err(reason) = done {
        (org.schema, org.rules, org.settings, org.hidden_records) = before;
        return Err(Refusal(reason));
    }
    Ok(Json(json!({"changed": asked.keys().collect::<Vec<_>>()})))
}

fn apply(state: &EmulatorState, org: &mut Org, asked: &Map<String, Value>) -> Result<(), String> {
    for (key, value) in asked {
        match key.as_str() {
            "objects" => setup_objects::add_objects(org, value)?,
            "object_permissions" => setup_objects::permissions(org, value)?,
            "hidden_records" => setup_objects::hide_records(org, value)?,
            "locked_records" => org.settings.locked_records = setup_objects::record_ids(value, key)?,
            "fields" => setup_fields::add(org, value)?,
            "hide_fields" => setup_profiles::hide(org, value, true)?,
            "show_fields" => setup_profiles::hide(org, value, false)?,
            "read_only_fields" => setup_profiles::protect(org, value, true)?,
            "writable_fields" => setup_profiles::protect(org, value, false)?,
            "required_fields" => setup_fields::each(org, value, |field| field.nillable = false)?,
            "optional_fields" => setup_fields::each(org, value, |field| field.nillable = true)?,
            "state_country_picklists" => {
                let on = value.as_bool().ok_or("state_country_picklists must be true or false")?;
                org.use_place_picklists(on);
            }
            "record_types" => setup_record_types::add(org, value)?,
            "picklists" => setup_fields::picklists(org, value)?,
            "validation_rules" => setup_rules::validation(org, value)?,
            "duplicate_rules" => setup_rules::duplicates(org, value)?,
            "assignment_rule" => setup_rules::assignment(org, value)?,
            "user" => setup_users::change(org, value)?,
            "connected_app" => setup_app::change(org, value)?,
            "organization" => setup_app::organization(org, value)?,
            "limits" => setup_app::limits(org, value, &mut lock(&state.usage))?,
            other => return Err(format!("{other} is not something that can be set up")),
        }
    }
    Ok(())
}
