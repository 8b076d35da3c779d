//! `/tooling/query`: what an administrator has set up, as the Tooling API tells it.

use std::sync::Arc;

use serde_json::json;

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::refused_query;
use crate::org::seed::row;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::{prepare, project};

const TABLE: &str = include_str!("../../schema/tooling.txt");

/// Answers a query over the setup; objects that are not told of here do not exist.
pub(super) fn query(org: &Org, call: &Call) -> Answer {
    let soql = call.parameter("q").unwrap_or_default();
    let setup = setup(org);
    let zone = org.time_zone_of(call.user);
    let base_path = format!("{}/tooling", call.base_path);
    let reader = Reader { org: &setup, user: call.user, zone: &zone, all_rows: false, base_path: &base_path };
    let prepared = match parse(soql).and_then(|query| prepare::query(&reader, soql, &query)) {
        Ok(prepared) => prepared,
        Err(refused) => return refused_query(&refused),
    };
    let records = match &prepared.aggregation {
        Some(aggregation) if aggregation.plain_count => {
            let count = project::matching(&reader, &prepared).len();
            let body = json!({"size": count, "totalSize": count, "done": true, "queryLocator": null,
                              "entityTypeName": prepared.object.name, "records": []});
            return Answer::json(200, body);
        }
        Some(aggregation) => aggregation.rows(&reader, &prepared.object, prepared.filter.as_ref()),
        None => {
            let found = prepared.records(&reader);
            found
                .iter()
                .map(|record| project::row(&reader, &prepared.columns, &prepared.object, record))
                .collect()
        }
    };
    let size = records.len();
    Answer::json(
        200,
        json!({"size": size, "totalSize": size, "done": true, "queryLocator": null,
               "entityTypeName": prepared.object.name, "records": records}),
    )
}

/// The setup as records of a small org of its own.
fn setup(org: &Org) -> Org {
    let mut setup = Org::with_tables(Arc::clone(&org.clock), &[TABLE]);
    let text = Value::text;
    for object in org.schema.objects() {
        let flag = |name: &str| Value::Boolean(object.has(name));
        let developer = object.name.strip_suffix("__c").unwrap_or(&object.name);
        let entity = row(
            &mut setup,
            "EntityDefinition",
            &[
                ("DurableId", text(&object.name)),
                ("QualifiedApiName", text(&object.name)),
                ("DeveloperName", text(developer)),
                ("MasterLabel", text(&object.label)),
                ("Label", text(&object.label)),
                ("PluralLabel", text(&object.label_plural)),
                ("KeyPrefix", text(&object.prefix)),
                ("IsCustomizable", flag("layoutable")),
                ("IsQueryable", flag("queryable")),
                ("IsTriggerable", flag("triggerable")),
            ],
        );
        for rule in org.rules.validation.iter().filter(|rule| rule.object == object.name) {
            let field = rule.field.as_deref().map(text).unwrap_or_default();
            let values = [
                ("ValidationName", text(&rule.name)),
                ("EntityDefinitionId", Value::Id(entity)),
                ("Active", Value::Boolean(rule.active)),
                ("ErrorMessage", text(&rule.message)),
                ("ErrorDisplayField", field),
            ];
            row(&mut setup, "ValidationRule", &values);
        }
    }
    setup
}
