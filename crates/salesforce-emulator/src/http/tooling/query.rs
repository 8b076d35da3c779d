//! `/tooling/query`: SOQL over the setup.

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::refused_query;
use crate::http::tooling::setup::setup;
use crate::org::store::Org;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::{prepare, project};

/// Answers a query over the setup; objects that are not told of here do not exist.
pub(super) fn answer(org: &Org, call: &Call) -> Answer {
    let soql = call.parameter("q").unwrap_or_default();
    let setup = setup(org);
    let zone = org.time_zone_of(call.user);
    let base_path = format!("{}/tooling", call.base_path);
    let reader = Reader {
        org: &setup,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: false,
        base_path: &base_path,
    };
    let prepared = match parse(soql).and_then(|query| prepare::query(&reader, soql, &query)) {
        Ok(prepared) => prepared,
        Err(refused) => return refused_query(&refused),
    };
    let (size, records) = match &prepared.aggregation {
        Some(aggregation) if aggregation.plain_count => (prepared.count(&reader), Vec::new()),
        Some(aggregation) => counted(aggregation.rows(&reader, &prepared.object, prepared.filter.as_ref())),
        None => {
            let found = prepared.records(&reader);
            let rows =
                found.iter().map(|record| project::row(&reader, &prepared.columns, &prepared.object, record));
            counted(rows.collect())
        }
    };
    Answer::json(
        200,
        json!({"size": size, "totalSize": size, "done": true, "queryLocator": null,
               "entityTypeName": prepared.object.name, "records": records}),
    )
}

fn counted(records: Vec<Json>) -> (usize, Vec<Json>) {
    (records.len(), records)
}
