//! `columns=true`: the columns of a query, which the vendor's own command line asks for.

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::error::refused_query;
use crate::soql::ast::{Expression, Query, Selection};
use crate::soql::parser::parse;

/// Shows the columns that a query would have.
pub(super) fn answer(soql: &str) -> Answer {
    match parse(soql) {
        Ok(query) => Answer::json(
            200,
            json!({"columnMetadata": columns(&query), "entityName": query.from.name, "groupBy": !query.group_by.is_empty(),
                   "idSelected": true, "keyPrefix": null}),
        ),
        Err(refused) => refused_query(&refused),
    }
}

fn columns(query: &Query) -> Vec<Json> {
    let mut columns: Vec<Json> = Vec::new();
    let mut unnamed = 0;
    for selection in &query.select {
        match selection {
            Selection::Expression(Expression::Field(path), _) => place(&mut columns, &path.parts),
            Selection::Expression(call, alias) => {
                let name = alias.clone().unwrap_or_else(|| {
                    unnamed += 1;
                    format!("expr{}", unnamed - 1)
                });
                columns.push(column(&name, &call.to_string(), true, &[]));
            }
            Selection::Children(inner) => {
                columns.push(column(&inner.from.name, &inner.from.name, true, &self::columns(inner)));
            }
            Selection::Fields(_) => {}
            Selection::TypeOf(typeof_) => {
                let name = typeof_.relationship.to_string();
                columns.push(column(&name, &name, false, &[]));
            }
        }
    }
    columns
}

/// A path becomes columns within columns.
fn place(columns: &mut Vec<Json>, parts: &[String]) {
    let Some((first, rest)) = parts.split_first() else { return };
    if rest.is_empty() {
        columns.push(column(first, first, false, &[]));
        return;
    }
    let known = columns.iter_mut().find(|column| column["columnName"] == first.as_str());
    let mut inner =
        known.as_ref().and_then(|column| column["joinColumns"].as_array().cloned()).unwrap_or_default();
    place(&mut inner, rest);
    match known {
        Some(column) => column["joinColumns"] = Json::Array(inner),
        None => columns.push(column(first, first, false, &inner)),
    }
}

fn column(name: &str, display: &str, aggregate: bool, inner: &[Json]) -> Json {
    json!({"aggregate": aggregate, "apexType": null, "booleanType": false, "columnName": name, "custom": name.ends_with("__c"),
           "displayName": display, "foreignKeyName": null, "insertable": false, "joinColumns": inner, "numberType": false,
           "textType": true, "updatable": false})
}
