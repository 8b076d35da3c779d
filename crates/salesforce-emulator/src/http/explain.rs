//! `/query?explain=`: how a query would be answered.

use serde_json::json;

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::refused_query;
use crate::org::store::Org;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::{prepare, project};

/// Shows the plan of a query. There is one: to look at every record.
pub(super) fn plan(org: &Org, call: &Call, soql: &str) -> Answer {
    let zone = org.time_zone_of(call.user);
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: false,
        base_path: &call.base_path,
    };
    let prepared = match parse(soql).and_then(|query| prepare::query(&reader, soql, &query)) {
        Ok(prepared) => prepared,
        Err(refused) => return refused_query(&refused),
    };
    let found = project::matching(&reader, &prepared).len();
    let all = org.count_live(&prepared.object);
    let cost = found as f64 / all.max(1) as f64 + 1.0;
    let note = json!({"description": "Not considering filter for optimization because unindexed",
                      "fields": ["IsDeleted"], "tableEnumOrId": prepared.object.name});
    let plan = json!({"cardinality": found, "fields": [], "leadingOperationType": "TableScan", "notes": [note],
                      "relativeCost": cost, "sobjectCardinality": all, "sobjectType": prepared.object.name});
    Answer::json(200, json!({"plans": [plan], "sourceQuery": soql}))
}
