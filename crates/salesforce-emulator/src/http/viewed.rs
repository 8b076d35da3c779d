//! `FOR VIEW` and `FOR REFERENCE`: a query notes that its records have been looked at.

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::parser::parse;

/// The field that the query of a call stamps, if it does.
pub(super) fn wanted(call: &Call) -> Option<&'static str> {
    let soql = call.parameter("q")?;
    // Most queries stamp nothing, and need not be read twice.
    let tail = soql.trim_end().to_ascii_uppercase();
    if !tail.contains("VIEW") && !tail.contains("REFERENCE") {
        return None;
    }
    match parse(soql).ok()?.purpose.as_deref() {
        Some("VIEW") => Some("LastViewedDate"),
        Some("REFERENCE") => Some("LastReferencedDate"),
        _ => None,
    }
}

/// Stamps the records of an answer. Neither their other dates nor their history change.
pub(super) fn stamp(org: &mut Org, call: &Call, answer: &Answer, field: &str) {
    if answer.status != 200 {
        return;
    }
    let body = answer.body_json();
    let rows = body["records"].as_array().into_iter().flatten();
    let urls = rows.filter_map(|row| row["attributes"]["url"].as_str());
    let ids: Vec<RecordId> = urls.filter_map(|url| RecordId::parse(url.rsplit('/').next()?)).collect();
    let now = org.now();
    for id in ids.iter().rev() {
        let Some((object, record)) = org.visible_record(*id) else { continue };
        let (object, mut record) = (object.clone(), Record::clone(record));
        record.put(&object, field, Value::DateTime(now));
        org.store(&object, record);
        org.recent.note(call.user, *id);
    }
}
