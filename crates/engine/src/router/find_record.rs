//! Finds the record of a visitor in the org, for a node that asks at once: one query.

use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::connected::OrgError;
use domain::router::{FindKey, OWNER, RecordFacts};
use domain::run::ApiFeature;
use domain::synced_fields::SyncedObject;
use domain::value::{WorkspaceId, company_domain, company_domain_in};
use salesforce::Record;
use salesforce::soql::{Condition, Select};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use storage::org_request::OrgResponse;

/// Records that are looked at: of several the one that was changed last is taken.
const MAX_RECORDS: u32 = 50;

/// Asks the org.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    (object, by, key): (SyncedObject, FindKey, &str),
    fields: &BTreeSet<String>,
) -> Result<OrgResponse, OrgError> {
    let soql = query(object, by, key, fields);
    let asked = async {
        let mut org = OrgClient::begin(engine, workspace, None).await?;
        let soql = soql.as_str();
        let answer = org.call(|client| async move { client.query(soql).await }).await?;
        api_calls::count(engine, workspace, ApiFeature::Router, org.traffic().calls()).await?;
        Ok::<_, OrgCallError>(answer.value.records)
    };
    match asked.await {
        Ok(records) => Ok(OrgResponse::RecordFound { record: pick(&records, object, by, key, fields) }),
        Err(OrgCallError::NotConnected) => Err(OrgError::NotConnected),
        Err(OrgCallError::Storage(error)) => Err(OrgError::Storage(error)),
        Err(error) => Err(OrgError::Unavailable(error.to_string())),
    }
}

fn query(object: SyncedObject, by: FindKey, key: &str, fields: &BTreeSet<String>) -> String {
    let mut all: BTreeSet<&str> = fields.iter().map(String::as_str).collect();
    all.extend(["Id", "Name", OWNER]);
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
    select.order_by_descending("LastModifiedDate").limit(MAX_RECORDS).build().unwrap_or_default()
}

/// A website or an address only contains the domain; whether it is the company's is decided here.
fn pick(
    records: &[Record],
    object: SyncedObject,
    by: FindKey,
    key: &str,
    fields: &BTreeSet<String>,
) -> Option<RecordFacts> {
    let company = |record: &Record| match object {
        SyncedObject::Account => record.text("Website").and_then(company_domain),
        SyncedObject::Contact | SyncedObject::Lead => record.text("Email").and_then(company_domain_in),
    };
    let is_meant = |record: &&Record| by == FindKey::Email || company(record).as_deref() == Some(key);
    let found: Vec<&Record> = records.iter().filter(is_meant).collect();
    let first = found.first()?;
    let values: Map<String, Value> =
        fields.iter().map(|path| (path.clone(), first.get(path).cloned().unwrap_or(Value::Null))).collect();
    Some(RecordFacts {
        id: first.text("Id").unwrap_or_default().to_owned(),
        name: first.text("Name").unwrap_or_default().to_owned(),
        owner: first.text(OWNER).map(str::to_owned),
        fields: values,
        candidates: u32::try_from(found.len()).unwrap_or(u32::MAX),
    })
}
