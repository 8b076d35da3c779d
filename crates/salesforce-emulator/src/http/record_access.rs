//! `UserRecordAccess`: what a user may do with records that a query names.
//!
//! Records that never were, or are no more, have no row; the documentation leaves open what an org says of them.

use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::seed::row;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::ast::{Condition, Expression, List, ListOperator, Operator};
use crate::soql::error::QueryError;
use crate::soql::parser::parse;

/// Records that one query may name.
const MAX_RECORDS: usize = 200;
const OBJECT: &str = "UserRecordAccess";
const TABLE: &str = include_str!("../../schema/record_access.txt");

/// The small org that answers the query, if it is one of these; the query must say whose rights on which records.
pub(super) fn of(org: &Org, soql: &str) -> Option<Result<Org, QueryError>> {
    let lower = soql.to_ascii_lowercase();
    let mut words = lower.split_whitespace().skip_while(|word| *word != "from");
    if words.nth(1)? != OBJECT.to_ascii_lowercase() {
        return None;
    }
    let query = parse(soql).ok()?;
    if query
        .condition
        .as_ref()
        .is_some_and(|condition| names(condition, "UserId", 1) && names(condition, "RecordId", MAX_RECORDS))
    {
        return Some(Ok(rights(org, soql)));
    }
    let message = "UserRecordAccess must be filtered by one UserId and by one RecordId, or up to 200";
    Some(Err(QueryError::new("MALFORMED_QUERY", message)))
}

/// Whether conditions name so many ids of a field, at most.
fn names(condition: &Condition, field: &str, most: usize) -> bool {
    let is_field = |left: &Expression| matches!(left, Expression::Field(path) if path.parts.last().is_some_and(|last| last.eq_ignore_ascii_case(field)));
    match condition {
        Condition::And(parts) => parts.iter().any(|part| names(part, field, most)),
        Condition::Compare { left, operator: Operator::Equal, .. } => is_field(left),
        Condition::List { left, operator: ListOperator::In, list: List::Literals(literals), .. } => {
            is_field(left) && literals.len() <= most
        }
        Condition::Compare { .. } | Condition::List { .. } | Condition::Or(_) | Condition::Not(_) => false,
    }
}

/// Rows of every record and every user that the query names.
fn rights(org: &Org, soql: &str) -> Org {
    let mut rights = Org::with_tables(Arc::clone(&org.clock), &[TABLE]);
    let named: Vec<RecordId> = soql.split('\'').skip(1).step_by(2).filter_map(RecordId::parse).collect();
    let is_user = |id: &&RecordId| org.row("User", **id).is_some();
    let users: Vec<RecordId> = named.iter().filter(is_user).copied().collect();
    for record in named {
        let Some((object, found)) = org.record(record) else { continue };
        if found.is_deleted(object) {
            continue;
        }
        let seen = !org.hidden_records.contains(&record);
        for user in &users {
            let flag = |name: &'static str| (name, Value::Boolean(seen));
            let level = if seen { "All" } else { "None" };
            row(
                &mut rights,
                OBJECT,
                &[
                    ("UserId", Value::Id(*user)),
                    ("RecordId", Value::Id(record)),
                    flag("HasReadAccess"),
                    flag("HasEditAccess"),
                    flag("HasDeleteAccess"),
                    flag("HasTransferAccess"),
                    flag("HasAllAccess"),
                    ("MaxAccessLevel", Value::text(level)),
                ],
            );
        }
    }
    rights
}
