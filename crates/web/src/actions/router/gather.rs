//! Looks up what a chart may ask about a visitor, in the local copies: nobody waits for Salesforce.

use crate::actions::org_request::request_and_wait;
use crate::actions::router::visitor_lists::VisitorLists;
use crate::state::AppState;
use domain::mirror::MirrorRow;
use domain::router::{
    Chart, Facts, FindKey, Known, LookupFailure, OWNER, RecordFacts, RouteNeed, route_needs, with_facts,
};
use domain::synced_fields::{SyncedFields, SyncedObject};
use domain::value::{EmailAddress, WorkspaceId};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::time::Duration;
use storage::StorageError;
use storage::mirror::{lookup_index, streams};
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::settings;

/// How long a visitor waits for the org (G6).
const PATIENCE: Duration = Duration::from_millis(1_500);
/// The path under which a record's name is kept.
const NAME: &str = "Name";

/// The facts with everything that the chart may ask.
pub(crate) async fn gather(
    state: &AppState,
    workspace: WorkspaceId,
    chart: &Chart,
    mut facts: Facts,
) -> Result<Facts, StorageError> {
    let synced = settings::find::<SyncedFields>(&state.database.read(), workspace).await?;
    let needs = route_needs(chart);
    let asked = VisitorLists::load(state, workspace, &needs, &facts).await?;
    for need in with_facts(needs, &asked.facts) {
        let name = need.name();
        match need {
            RouteNeed::List { .. } => {}
            RouteNeed::Record { object, by, live, fields } => {
                let keys = match by {
                    FindKey::Email => facts.email.iter().map(EmailAddress::key).collect(),
                    FindKey::Domain => asked.company_domains.clone(),
                };
                let found = if live {
                    ask_org(state, workspace, (object, by), &keys, fields).await?
                } else {
                    record(state, workspace, (object, by), &keys, &fields, synced.of(object)).await?
                };
                facts.records.insert(name, found);
            }
        }
    }
    facts.lists = asked.answer(state, workspace, &facts).await?;
    Ok(facts)
}

async fn record(
    state: &AppState,
    workspace: WorkspaceId,
    (object, by): (SyncedObject, FindKey),
    keys: &[String],
    fields: &BTreeSet<String>,
    synced: &[String],
) -> Result<Known<RecordFacts>, StorageError> {
    let read = state.database.read();
    let kept = streams::find(&read, workspace, object.stream()).await?;
    if kept.generation == streams::NO_GENERATION || synced.is_empty() || by != FindKey::usual(object) {
        return Ok(Known::Unknown(LookupFailure::NoLocalCopy));
    }
    let mut rows = Vec::new();
    for key in keys {
        rows = lookup_index::find(&read, workspace, object.stream(), key).await?;
        rows.retain(|row| row.state.is_stored());
        if !rows.is_empty() {
            break;
        }
    }
    let candidates = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    // Of several the one that was changed last, as somebody works with it.
    rows.sort_by(|one, other| {
        other.system_modstamp.cmp(&one.system_modstamp).then_with(|| one.record_id.cmp(&other.record_id))
    });
    Ok(rows.first().map_or(Known::NotFound, |row| Known::Found(read_record(row, fields, synced, candidates))))
}

/// Asks the org at once, for a node that wants today's answer; a visitor waits for it no longer than this.
async fn ask_org(
    state: &AppState,
    workspace: WorkspaceId,
    (object, by): (SyncedObject, FindKey),
    keys: &[String],
    fields: BTreeSet<String>,
) -> Result<Known<RecordFacts>, StorageError> {
    // The visitor's own key comes first; there is time for one question.
    let Some(key) = keys.first().cloned() else { return Ok(Known::NotFound) };
    let question = OrgRequest::FindRecord { object, by, key, fields };
    Ok(match request_and_wait(state, workspace, &question, PATIENCE).await? {
        None => Known::Unknown(LookupFailure::TimedOut),
        Some(OrgResponse::RecordFound { record: Some(record) }) => Known::Found(record),
        Some(OrgResponse::RecordFound { record: None }) => Known::NotFound,
        Some(_) => Known::Unknown(LookupFailure::Refused),
    })
}

/// Only the fields that the chart reads are kept with the decision.
fn read_record(
    row: &MirrorRow,
    fields: &BTreeSet<String>,
    synced: &[String],
    candidates: u32,
) -> RecordFacts {
    let values = row.values();
    let value = |path: &str| {
        let found = values.iter().find(|(known, _)| known.eq_ignore_ascii_case(path));
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_null())
    };
    let text = |path: &str| value(path).and_then(|value| value.as_str().map(str::to_owned));
    let is_synced = |field: &&String| synced.iter().any(|path| path.eq_ignore_ascii_case(field));
    let read: Map<String, Value> = fields
        .iter()
        .filter(is_synced)
        .map(|field| (field.clone(), value(field).unwrap_or(Value::Null)))
        .collect();
    RecordFacts {
        id: row.record_id.clone(),
        name: text(NAME).unwrap_or_default(),
        owner: text(OWNER),
        fields: read,
        candidates,
    }
}
