//! `/emulator/engagement`: Account Engagement's business units, records and limits.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::control::answer::{Answer, Refusal, read};
use crate::control::entries::{entries, text};
use crate::engagement::business_unit::BusinessUnit;
use crate::engagement::business_units::{Engagement, FIRST_UNIT};
use crate::engagement::seed::{add_prospects, add_users};
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// The most members one list can be given at once.
const MAX_MEMBERS: usize = 2_000_000;

/// Shows the business units with the number of their records, and the limits.
pub(crate) async fn engagement(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    let engagement = lock(&state.engagement);
    let units: Vec<Value> = engagement
        .units()
        .iter()
        .map(|unit| {
            let count = |table: &crate::engagement::table::Table| {
                (table.object.collection.clone(), json!(table.count()))
            };
            let counts: Map<String, Value> = unit.tables().map(count).collect();
            json!({"id": unit.id, "name": unit.name, "active": unit.active, "records": counts})
        })
        .collect();
    let limits = engagement.limits;
    Json(json!({"business_units": units, "limits": {
        "daily_requests": limits.daily_requests, "requests_per_minute": limits.requests_per_minute,
        "concurrent_requests": limits.concurrent_requests,
        "staleness_seconds": limits.staleness_seconds}}))
}

/// Changes Account Engagement: business units, records as if they had always been there, limits.
pub(crate) async fn set_engagement(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let Value::Object(asked) = read(&body)? else {
        return Err(Refusal("the body must be a JSON object".to_owned()));
    };
    // A long list takes seconds, and nothing else on this thread should wait for it.
    let work = {
        let state = Arc::clone(&state);
        tokio::task::spawn_blocking(move || change(&state, &asked))
    };
    work.await.map_err(|_| Refusal("the records could not be planted".to_owned()))??;
    Ok(engagement(State(state)).await)
}

fn change(state: &EmulatorState, asked: &Map<String, Value>) -> Result<(), String> {
    let id = asked.get("business_unit").and_then(Value::as_str).unwrap_or(FIRST_UNIT);
    let org = state.read();
    let mut engagement = lock(&state.engagement);
    asked.iter().try_for_each(|(key, value)| apply(&org, &mut engagement, id, key, value))
}

fn apply(org: &Org, engagement: &mut Engagement, id: &str, key: &str, value: &Value) -> Result<(), String> {
    match key {
        "business_unit" => Ok(()),
        "business_units" => business_units(org, engagement, value),
        "limits" => limits(org, engagement, id, value),
        "users_without_access" => {
            let ids = value.as_array().ok_or("users_without_access must be a list of ids")?.iter();
            let read =
                |id: &Value| id.as_str().and_then(RecordId::parse).ok_or_else(|| format!("{id} is no id"));
            engagement.users_without_access = ids.map(read).collect::<Result<_, _>>()?;
            Ok(())
        }
        "lists" => entries(value)?.into_iter().try_for_each(|entry| list(org, unit(engagement, id)?, entry)),
        collection => {
            let unit = unit(engagement, id)?;
            if unit.table(collection).is_none() {
                return Err(format!("{collection} is nothing of Account Engagement"));
            }
            entries(value)?
                .into_iter()
                .try_for_each(|entry| unit.seed(collection, entry, org.now()).map(drop))
        }
    }
}

fn unit<'a>(engagement: &'a mut Engagement, id: &str) -> Result<&'a mut BusinessUnit, String> {
    engagement.unit_mut(id).ok_or_else(|| format!("there is no business unit {id}"))
}

/// Adds business units, or changes those there are: `{"id": "0Uv…", "name": "…", "active": false}`.
fn business_units(org: &Org, engagement: &mut Engagement, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let id = text(entry, "id")?;
        if engagement.unit(id).is_none() {
            let mut unit = BusinessUnit::new(id, "");
            add_users(&mut unit, org);
            engagement.add_unit(unit);
        }
        let unit = unit(engagement, id)?;
        if let Some(name) = entry.get("name").and_then(Value::as_str) {
            unit.name = name.to_owned();
        }
        if let Some(active) = entry.get("active").and_then(Value::as_bool) {
            unit.active = active;
        }
    }
    Ok(())
}

fn limits(org: &Org, engagement: &mut Engagement, id: &str, value: &Value) -> Result<(), String> {
    for (key, value) in entries(value)?.into_iter().flat_map(Map::iter) {
        let number = value.as_u64().ok_or_else(|| format!("{key} must be a number"))?;
        match key.as_str() {
            "daily_requests" => engagement.limits.daily_requests = number,
            "requests_per_minute" => engagement.limits.requests_per_minute = Some(number),
            "concurrent_requests" => {
                engagement.limits.concurrent_requests = usize::try_from(number).unwrap_or(usize::MAX);
            }
            "staleness_seconds" => {
                engagement.limits.staleness_seconds = i64::try_from(number).unwrap_or(i64::MAX);
            }
            "used" => {
                let today = org.today();
                unit(engagement, id)?.usage.set(today, number);
            }
            other => return Err(format!("{other} is no limit of Account Engagement")),
        }
    }
    Ok(())
}

/// Adds a list with this number of `members`: the org's leads first, then invented prospects.
fn list(org: &Org, unit: &mut BusinessUnit, entry: &Map<String, Value>) -> Result<(), String> {
    let mut fields = entry.clone();
    let members = fields.shift_remove("members").and_then(|members| members.as_u64()).unwrap_or(0);
    let members = usize::try_from(members).unwrap_or(usize::MAX).min(MAX_MEMBERS);
    let list = unit.seed("lists", &fields, org.now())?;
    let mut prospects = if members > 0 { add_prospects(unit, org, "Lead", members) } else { Vec::new() };
    for number in prospects.len()..members {
        let made = json!({"email": format!("prospect{number}@list{list}.example"), "lastName": format!("{number:07}")});
        prospects.push(unit.seed("prospects", made.as_object().unwrap_or(entry), org.now())?);
    }
    for prospect in prospects {
        let member = json!({"listId": list, "prospectId": prospect});
        unit.seed("list-memberships", member.as_object().unwrap_or(entry), org.now())?;
    }
    Ok(())
}
