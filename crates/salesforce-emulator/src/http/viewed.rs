//! `FOR VIEW` and `FOR REFERENCE`: a query notes that its records have been looked at.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::parser::parse;

/// The field that a query stamps, if it does.
pub(super) fn wanted(soql: &str) -> Option<&'static str> {
    // Most queries stamp nothing, and need not be read twice.
    let upper = soql.to_ascii_uppercase();
    if !upper.contains("VIEW") && !upper.contains("REFERENCE") {
        return None;
    }
    match parse(soql).ok()?.purpose.as_deref() {
        Some("VIEW") => Some("LastViewedDate"),
        Some("REFERENCE") => Some("LastReferencedDate"),
        _ => None,
    }
}

/// Stamps the records of an answer. Neither their other dates nor their history change.
pub(super) fn stamp(org: &mut Org, user: RecordId, body: &Json, field: &str) {
    let rows = body["records"].as_array().into_iter().flatten();
    let urls = rows.filter_map(|row| row["attributes"]["url"].as_str());
    let ids: Vec<RecordId> = urls.filter_map(|url| RecordId::parse(url.rsplit('/').next()?)).collect();
    let now = org.now();
    for id in ids.iter().rev() {
        let Some((object, record)) = org.visible_record(*id) else { continue };
        let (object, mut record) = (Arc::clone(object), Record::clone(record));
        record.put(&object, field, Value::DateTime(now));
        org.store(&object, record);
        org.recent.note(user, *id);
    }
}
