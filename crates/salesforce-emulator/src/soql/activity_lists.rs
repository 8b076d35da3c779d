//! `ActivityHistories` and `OpenActivities`: the tasks and events of one record, in one list.

use std::sync::Arc;

use crate::org::custom_fields::ACTIVITIES;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::value::Value;
use crate::soql::ast::{Condition, Expression, List, ListOperator, Literal, Operator, Query};
use crate::soql::compile::Compiler;
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;

const HISTORY: &str = "ActivityHistory";
const OPEN: &str = "OpenActivity";
/// Rows that users without the right to see everything may ask for.
const MAX_ROWS: u64 = 499;

/// Whether an object is such a list rather than a table.
pub(super) fn is_list(object: &ObjectType) -> bool {
    object.name == HISTORY || object.name == OPEN
}

/// Refuses what such a list does not allow: several parents, and for users who may not see everything a condition,
/// another order, or no limit.
pub(super) fn check(
    compiler: &Compiler<'_>,
    object: &ObjectType,
    outer: &Query,
    inner: &Query,
) -> Result<(), QueryError> {
    if !is_list(object) {
        return Ok(());
    }
    let list = if object.name == HISTORY { "ActivityHistories" } else { "OpenActivities" };
    let refuse = |message: &str| {
        let message = format!("There is an implementation restriction on {list}. {message}");
        Err(QueryError::new("MALFORMED_QUERY", message))
    };
    if outer.limit != Some(1) && !outer.condition.as_ref().is_some_and(names_one) {
        return refuse("When you query this relationship, the parent must be a single record.");
    }
    let reader = &compiler.reader;
    if reader.org.user_may(reader.user, "PermissionsViewAllData") {
        return Ok(());
    }
    let descending = object.name == HISTORY;
    let sorted = match inner.order_by.as_slice() {
        [first, second] => {
            is_field(&first.by, "ActivityDate")
                && first.descending == descending
                && is_field(&second.by, "LastModifiedDate")
                && second.descending
        }
        _ => false,
    };
    if !sorted {
        let direction = if descending { "DESC" } else { "ASC" };
        return refuse(&format!(
            "When you query this relationship, security evaluation is implemented for users who don't have administrator permissions, and you must use a specific sort order: ActivityDate {direction}, LastModifiedDate DESC"
        ));
    }
    if inner.condition.is_some() || inner.limit.is_none_or(|limit| limit > MAX_ROWS) {
        return refuse(&format!(
            "When you query this relationship, security evaluation is implemented for users who don't have administrator permissions, and you must not use WHERE and must specify a row limit of {MAX_ROWS} or fewer"
        ));
    }
    Ok(())
}

fn is_field(expression: &Expression, name: &str) -> bool {
    matches!(expression, Expression::Field(path) if path.parts.last().is_some_and(|last| last.eq_ignore_ascii_case(name)))
}

/// Whether conditions name a single record by its id.
fn names_one(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) => parts.iter().any(names_one),
        Condition::Compare { left, operator: Operator::Equal, right: Literal::Text(_), .. } => {
            is_field(left, "Id")
        }
        Condition::List { left, operator: ListOperator::In, list: List::Literals(literals), .. } => {
            is_field(left, "Id") && literals.len() == 1
        }
        Condition::Compare { .. } | Condition::List { .. } | Condition::Or(_) | Condition::Not(_) => false,
    }
}

/// The rows of a list: the activities that a lookup, named by its place, leads from to a record.
pub(super) fn rows(
    reader: &Reader<'_>,
    list: &Arc<ObjectType>,
    index: usize,
    parent: &Record,
) -> Vec<Arc<Record>> {
    let lookup = list.fields().get(index).map_or("", |field| field.name.as_str());
    // What is about an account is the account's too.
    let lookups = if lookup == "AccountId" { vec!["AccountId", "WhatId"] } else { vec![lookup] };
    let mut found = Vec::new();
    for name in ACTIVITIES {
        let Some(object) = reader.org.schema.object(name) else { continue };
        let mut seen: Vec<RecordId> = Vec::new();
        for lookup in &lookups {
            for activity in reader.org.find(name, lookup, &Value::Id(parent.id)) {
                if seen.contains(&activity.id) || !reader.reads(object, &activity) {
                    continue;
                }
                seen.push(activity.id);
                if is_over(reader, object, &activity) == (list.name == HISTORY) {
                    found.push(Arc::new(row(list, object, &activity)));
                }
            }
        }
    }
    found
}

/// A task is over when it is closed, an event when it has ended.
fn is_over(reader: &Reader<'_>, object: &ObjectType, activity: &Record) -> bool {
    if object.name == "Task" {
        return activity.value(object, "IsClosed").is_true();
    }
    let end = activity.value(object, "EndDateTime").as_datetime();
    end.is_some_and(|end| end < reader.org.now())
}

/// An activity as a row of the list: what both have by the same name.
fn row(list: &ObjectType, object: &ObjectType, activity: &Record) -> Record {
    let mut row = Record::new(activity.id);
    for (index, field) in list.fields().iter().enumerate() {
        let value = match field.name.as_str() {
            "IsTask" => Value::Boolean(object.name == "Task"),
            "ActivityType" => activity
                .value(object, if object.name == "Task" { "TaskSubtype" } else { "EventSubtype" })
                .clone(),
            name => activity.value(object, name).clone(),
        };
        row.set(index, value);
    }
    row
}
