//! Finds the record of a visitor in the org, for a node that asks at once: one query.

use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::connected::OrgError;
use domain::router::{
    FindKey, Known, LookupFailure, MatchedRecord, OWNER, RecordSearch, RecordSelection, SelectedRecord,
};
use domain::run::ApiFeature;
use domain::synced_fields::SyncedObject;
use domain::value::{Timestamp, WorkspaceId, company_domain, company_domain_in};
use salesforce::Record;
use salesforce::soql::{Condition, Select};
use serde_json::Value;
use std::collections::BTreeSet;
use storage::org_request::OrgResponse;
use storage::workspace::teams;

/// Records that are read. Where there are more, what depends on all of them is not decided.
const MAX_RECORDS: u32 = 200;

/// Asks the org, and chooses a record for each selection.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    (object, by, key): (SyncedObject, FindKey, &str),
    fields: &BTreeSet<String>,
    selections: &[RecordSelection],
) -> Result<OrgResponse, OrgError> {
    let soql = query(object, by, key, fields);
    let asked = async {
        let mut org = OrgClient::begin(engine, workspace, None).await?;
        let soql = soql.as_str();
        let answer = org.call(|client| async move { client.query(soql).await }).await?;
        api_calls::count(engine, workspace, ApiFeature::Router, org.traffic().calls()).await?;
        Ok::<_, OrgCallError>(answer.value)
    };
    let page = match asked.await {
        Ok(page) => page,
        Err(OrgCallError::NotConnected) => return Err(OrgError::NotConnected),
        Err(OrgCallError::Storage(error)) => return Err(OrgError::Storage(error)),
        Err(error) => return Err(OrgError::Unavailable(error.to_string())),
    };
    let members = members(engine, workspace, selections).await.map_err(OrgError::Storage)?;
    let is_whole = page.done && page.records.len() <= MAX_RECORDS as usize;
    let matched = matched(&page.records, (object, by, key), fields);
    let found = selections.iter().map(|selection| match is_whole {
        true => selection.choose(&matched, &members),
        false => of_some(selection, &matched, &members),
    });
    Ok(OrgResponse::RecordsFound { found: found.collect() })
}

/// Those that were changed last were read: only where the last change decides, no other record could.
fn of_some(
    selection: &RecordSelection,
    matched: &[MatchedRecord],
    members: &BTreeSet<String>,
) -> SelectedRecord {
    if selection.is_default() && !matched.is_empty() {
        let mut found = selection.choose(matched, members);
        found.search.has_more = true;
        return found;
    }
    let matched = u32::try_from(matched.len()).unwrap_or(u32::MAX);
    let search = RecordSearch { matched, has_more: true, ..RecordSearch::default() };
    SelectedRecord { record: Known::Unknown(LookupFailure::TooManyRecords), search }
}

async fn members(
    engine: &Engine,
    workspace: WorkspaceId,
    selections: &[RecordSelection],
) -> Result<BTreeSet<String>, storage::StorageError> {
    if !selections.iter().any(RecordSelection::asks_for_members) {
        return Ok(BTreeSet::new());
    }
    let members = teams::list_members(&engine.database.read(), workspace).await?;
    Ok(members.iter().map(|member| member.email.key()).collect())
}

fn query(object: SyncedObject, by: FindKey, key: &str, fields: &BTreeSet<String>) -> String {
    let mut all: BTreeSet<&str> = fields.iter().map(String::as_str).collect();
    all.extend(["Id", "Name", "SystemModstamp", OWNER]);
    let found = match (object, by) {
        (SyncedObject::Account, _) => {
            all.insert("Website");
            Condition::Contains("Website".to_owned(), key.to_owned())
        }
        (SyncedObject::Lead | SyncedObject::Contact, FindKey::Email) => Condition::equals("Email", key),
        (SyncedObject::Lead | SyncedObject::Contact, FindKey::Domain) => {
            all.insert("Email");
            Condition::Contains("Email".to_owned(), key.to_owned())
        }
    };
    let found = match object {
        // A converted Lead is its Contact.
        SyncedObject::Lead => Condition::All(vec![found, Condition::equals("IsConverted", false)]),
        SyncedObject::Account | SyncedObject::Contact => found,
    };
    let select = Select::from(object.name()).fields(all).filter(found);
    let select = select.order_by_descending("SystemModstamp").order_by("Id");
    select.limit(MAX_RECORDS + 1).build().unwrap_or_default()
}

/// A website or an address only contains the domain; whether it is the company's is decided here.
fn matched(
    records: &[Record],
    (object, by, key): (SyncedObject, FindKey, &str),
    fields: &BTreeSet<String>,
) -> Vec<MatchedRecord> {
    let company = |record: &Record| match object {
        SyncedObject::Account => record.text("Website").and_then(company_domain),
        SyncedObject::Contact | SyncedObject::Lead => record.text("Email").and_then(company_domain_in),
    };
    let is_meant = |record: &&Record| by == FindKey::Email || company(record).as_deref() == Some(key);
    let read = |record: &Record| MatchedRecord {
        id: record.text("Id").unwrap_or_default().to_owned(),
        name: record.text("Name").unwrap_or_default().to_owned(),
        owner: record.text(OWNER).map(str::to_owned),
        fields: fields
            .iter()
            .map(|path| (path.clone(), record.get(path).cloned().unwrap_or(Value::Null)))
            .collect(),
        changed_at: record
            .text("SystemModstamp")
            .and_then(Timestamp::parse)
            .unwrap_or(Timestamp::from_seconds(0)),
    };
    records.iter().filter(is_meant).map(read).collect()
}
