//! `/tooling/query`: SOQL over the setup.

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::refused_query;
use crate::http::tooling::durable;
use crate::http::tooling::setup::setup;
use crate::org::store::Org;
use crate::soql::ast::{Condition, Expression, ListOperator, Operator, Query};
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::{prepare, project};

/// Answers a query over the setup; objects that are not told of here do not exist.
pub(super) fn answer(org: &Org, call: &Call) -> Answer {
    let soql = call.parameter("q").unwrap_or_default();
    let setup = setup(org, soql.to_ascii_lowercase().contains("field"));
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
    let prepared = match parse(soql).and_then(|query| {
        filtered(&query)?;
        prepare::query(&reader, soql, &query)
    }) {
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
            counted(rows.map(|row| durable::named(&setup, row)).collect())
        }
    };
    Answer::json(
        200,
        json!({"size": size, "totalSize": size, "done": true, "queryLocator": null,
               "entityTypeName": prepared.object.name, "records": records}),
    )
}

/// Refuses a query of all fields there are: an org looks them up object by object.
fn filtered(query: &Query) -> Result<(), QueryError> {
    if !query.from.name.eq_ignore_ascii_case("FieldDefinition")
        || query.condition.as_ref().is_some_and(names_object)
    {
        return Ok(());
    }
    let message = "FieldDefinition: A filter on a reified column is required [EntityDefinitionId,DurableId]";
    Err(QueryError::new("MALFORMED_QUERY", message))
}

fn names_object(condition: &Condition) -> bool {
    let left = match condition {
        Condition::And(parts) => return parts.iter().any(names_object),
        Condition::Compare { left, operator: Operator::Equal, .. } => left,
        Condition::List { left, operator: ListOperator::In, .. } => left,
        Condition::Compare { .. } | Condition::List { .. } | Condition::Or(_) | Condition::Not(_) => {
            return false;
        }
    };
    let Expression::Field(path) = left else { return false };
    let name = path.to_string().to_ascii_lowercase();
    ["entitydefinitionid", "durableid", "entitydefinition.qualifiedapiname", "entitydefinition.durableid"]
        .contains(&name.as_str())
}

fn counted(records: Vec<Json>) -> (usize, Vec<Json>) {
    (records.len(), records)
}
