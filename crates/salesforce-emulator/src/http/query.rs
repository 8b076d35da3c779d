//! `/query`, `/queryAll` and the pages that follow.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::http::answer::{Answer, JSON};
use crate::http::call::Call;
use crate::http::columns;
use crate::http::error::{error, refused_query};
use crate::http::record_access;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::prepare;
use crate::soql::prepared::Prepared;
use crate::soql::write;
use crate::state::EmulatorState;

/// Answers a query, or the next page of one when the path holds a locator.
pub(super) fn get(state: &EmulatorState, org: &Org, call: &Call) -> Answer {
    let all_rows = call.path[0].eq_ignore_ascii_case("queryAll");
    if let Some(locator) = call.path.get(1) {
        return next_page(state, org, call, locator);
    }
    match call.parameter("q") {
        Some(soql) if call.parameter("columns") == Some("true") => columns::answer(soql),
        Some(soql) => first_page(state, org, call, soql, all_rows),
        None => error(400, "MALFORMED_QUERY", "A query string has to be specified"),
    }
}

fn first_page(state: &EmulatorState, org: &Org, call: &Call, soql: &str, all_rows: bool) -> Answer {
    let rights = match record_access::of(org, soql).transpose() {
        Ok(rights) => rights,
        Err(refused) => return refused_query(&refused),
    };
    let org = rights.as_ref().unwrap_or(org);
    let zone = org.time_zone_of(call.user);
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows,
        base_path: &call.base_path,
    };
    let prepared = match parse(soql).and_then(|query| prepare::query(&reader, soql, &query)) {
        Ok(prepared) => prepared,
        Err(refused) => return refused_query(&refused),
    };
    if let Some(aggregation) = &prepared.aggregation {
        if aggregation.plain_count {
            let count = prepared.count(&reader);
            return Answer::json(200, json!({"totalSize": count, "done": true, "records": []}));
        }
        let rows = aggregation.rows(&reader, &prepared.object, prepared.filter.as_ref());
        if rows.len() > 2000 {
            let message = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch";
            return error(400, "EXCEEDED_ID_LIMIT", message);
        }
        return Answer::json(200, json!({"totalSize": rows.len(), "done": true, "records": rows}));
    }
    let records = prepared.records(&reader);
    let page = prepared.page_size(batch_size(call));
    let total = records.len();
    if total <= page {
        return page_answer(call, &reader, &prepared, &records, &Place { total, next: None });
    }
    let (prepared, ids) = (Arc::new(prepared), Prepared::ids(&records));
    let name = lock(&state.cursors).insert(Arc::clone(&prepared), ids, page, all_rows, org.now());
    let next = Some(format!("{name}-{page}"));
    page_answer(call, &reader, &prepared, &records[..page], &Place { total, next })
}

fn next_page(state: &EmulatorState, org: &Org, call: &Call, locator: &str) -> Answer {
    let Some((name, cursor, offset)) = lock(&state.cursors).find(locator, org.now()) else {
        return error(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    };
    let zone = org.time_zone_of(call.user);
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: cursor.all_rows,
        base_path: &call.base_path,
    };
    let page = batch_size(call).map_or(cursor.page, |asked| cursor.prepared.page_size(Some(asked)));
    let end = (offset + page).min(cursor.ids.len());
    let object = &cursor.prepared.object;
    let fetch =
        |id: &RecordId| org.row(&object.name, *id).filter(|record| reader.reads(object, record)).cloned();
    let records: Vec<Arc<Record>> = cursor.ids[offset..end].iter().filter_map(fetch).collect();
    let total = cursor.ids.len();
    let next = (end < total).then(|| format!("{name}-{end}"));
    page_answer(call, &reader, &cursor.prepared, &records, &Place { total, next })
}

/// Where a page lies within its result.
struct Place {
    total: usize,
    /// The locator of the page that follows.
    next: Option<String>,
}

fn page_answer(
    call: &Call,
    reader: &Reader<'_>,
    prepared: &Prepared,
    records: &[Arc<Record>],
    place: &Place,
) -> Answer {
    let mut head = json!({"totalSize": place.total, "done": place.next.is_none()});
    if let Some(next) = &place.next {
        head["nextRecordsUrl"] = Json::from(format!("{}/query/{next}", call.base_path));
    }
    let mut body = head.to_string().into_bytes();
    // The head's closing brace gives way to the records.
    body.pop();
    body.extend_from_slice(b",\"records\":");
    write::rows(&mut body, reader, prepared, records);
    body.push(b'}');
    Answer::bytes(200, JSON, body)
}

fn batch_size(call: &Call) -> Option<usize> {
    let options = call.header("sforce-query-options")?;
    options.split([',', ';']).find_map(|part| part.trim().strip_prefix("batchSize=")?.trim().parse().ok())
}
