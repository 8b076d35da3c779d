//! Looks up what a chart may ask about a visitor, in the local copies: nobody waits for Salesforce.

use crate::actions::org_request::request_and_wait;
use crate::actions::router::visitor_lists::VisitorLists;
use crate::state::AppState;
use domain::mirror::MirrorRow;
use domain::router::{
    Chart, Facts, FindKey, Known, LookupFailure, MatchedRecord, OWNER, RecordFacts, RecordSearch,
    RecordSelection, RouteNeed, SelectedRecord, route_needs, with_facts,
};
use domain::synced_fields::{SyncedFields, SyncedObject};
use domain::value::{EmailAddress, WorkspaceId};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use storage::StorageError;
use storage::mirror::{lookup_index, streams};
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::{settings, teams};

/// How long a visitor waits for the org (G6).
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Kept records that are read. Where there are more, nothing is decided by them.
const MAX_RECORDS: u32 = 1_000;
/// The path under which a record's name is kept.
const NAME: &str = "Name";

/// Records that are looked for by the same key: one look serves all selections.
#[derive(Default)]
struct Search {
    fields: BTreeSet<String>,
    /// Each with the name under which the facts keep its answer.
    selections: Vec<(String, RecordSelection)>,
}

/// The facts with everything that the chart may ask.
pub(crate) async fn gather(
    state: &AppState,
    workspace: WorkspaceId,
    chart: &Chart,
    mut facts: Facts,
) -> Result<Facts, StorageError> {
    let needs = route_needs(chart);
    let asked = VisitorLists::load(state, workspace, &needs, &facts).await?;
    for ((object, by, live), search) in searches(with_facts(needs, &asked.facts)) {
        let keys = match by {
            FindKey::Email => facts.email.iter().map(EmailAddress::key).collect(),
            FindKey::Domain => asked.company_domains.clone(),
        };
        let (names, selections): (Vec<String>, Vec<RecordSelection>) = search.selections.into_iter().unzip();
        let found = if live {
            ask_org(state, workspace, (object, by), &keys, search.fields, selections).await?
        } else {
            find_kept(state, workspace, (object, by), &keys, &search.fields, &selections).await?
        };
        for (name, SelectedRecord { record, search }) in names.into_iter().zip(found) {
            facts.searches.insert(name.clone(), search);
            facts.records.insert(name, record);
        }
    }
    facts.lists = asked.answer(state, workspace, &facts).await?;
    Ok(facts)
}

fn searches(needs: Vec<RouteNeed>) -> BTreeMap<(SyncedObject, FindKey, bool), Search> {
    let mut searches: BTreeMap<_, Search> = BTreeMap::new();
    for need in needs {
        let name = need.name();
        if let RouteNeed::Record { object, by, live, selection, fields } = need {
            let search = searches.entry((object, by, live)).or_default();
            search.fields.extend(fields);
            search.selections.push((name, selection));
        }
    }
    searches
}

/// The same answer for each selection, where nothing was read.
fn alike(record: &Known<RecordFacts>, selections: usize) -> Vec<SelectedRecord> {
    vec![SelectedRecord { record: record.clone(), search: RecordSearch::default() }; selections]
}

async fn find_kept(
    state: &AppState,
    workspace: WorkspaceId,
    (object, by): (SyncedObject, FindKey),
    keys: &[String],
    fields: &BTreeSet<String>,
    selections: &[RecordSelection],
) -> Result<Vec<SelectedRecord>, StorageError> {
    let read = state.database.read();
    let synced = settings::find::<SyncedFields>(&read, workspace).await?;
    let synced = synced.of(object);
    let kept = streams::find(&read, workspace, object.stream()).await?;
    if kept.generation == streams::NO_GENERATION || synced.is_empty() || by != FindKey::usual(object) {
        return Ok(alike(&Known::Unknown(LookupFailure::NoLocalCopy), selections.len()));
    }
    let mut rows = Vec::new();
    for key in keys {
        rows = lookup_index::find_up_to(&read, workspace, object.stream(), key, MAX_RECORDS + 1).await?;
        if rows.len() > MAX_RECORDS as usize {
            return Ok(alike(&Known::Unknown(LookupFailure::TooManyRecords), selections.len()));
        }
        rows.retain(|row| row.state.is_stored());
        if !rows.is_empty() {
            break;
        }
    }
    let matched: Vec<MatchedRecord> = rows.iter().map(|row| read_record(row, fields, synced)).collect();
    let members = if selections.iter().any(RecordSelection::asks_for_members) {
        teams::list_members(&read, workspace).await?.iter().map(|member| member.email.key()).collect()
    } else {
        BTreeSet::new()
    };
    Ok(selections.iter().map(|selection| selection.choose(&matched, &members)).collect())
}

/// Asks the org at once, for a node that wants today's answer; a visitor waits for it no longer than this.
async fn ask_org(
    state: &AppState,
    workspace: WorkspaceId,
    (object, by): (SyncedObject, FindKey),
    keys: &[String],
    fields: BTreeSet<String>,
    selections: Vec<RecordSelection>,
) -> Result<Vec<SelectedRecord>, StorageError> {
    let count = selections.len();
    // The visitor's own key comes first; there is time for one question.
    let Some(key) = keys.first().cloned() else { return Ok(alike(&Known::NotFound, count)) };
    let question = OrgRequest::FindRecords { object, by, key, fields, selections };
    let failure = match request_and_wait(state, workspace, &question, PATIENCE).await? {
        Some(OrgResponse::RecordsFound { found }) if found.len() == count => return Ok(found),
        None => LookupFailure::TimedOut,
        Some(_) => LookupFailure::Refused,
    };
    Ok(alike(&Known::Unknown(failure), count))
}

/// Only the fields that the chart reads are kept with the decision.
fn read_record(row: &MirrorRow, fields: &BTreeSet<String>, synced: &[String]) -> MatchedRecord {
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
    MatchedRecord {
        id: row.record_id.clone(),
        name: text(NAME).unwrap_or_default(),
        owner: text(OWNER),
        fields: read,
        changed_at: row.system_modstamp,
    }
}
