//! How many relationships a query may follow.

use std::collections::HashSet;

use crate::soql::ast::{Condition, Expression, List, Path, Query, Selection};
use crate::soql::error::QueryError;

/// Lists of children in one query.
const MAX_CHILDREN: usize = 20;
/// Different lookups that one query follows.
const MAX_LOOKUPS: usize = 55;

/// Refuses a query that follows too many relationships.
pub(super) fn check(query: &Query) -> Result<(), QueryError> {
    let refuse = |message: String| Err(QueryError::new("MALFORMED_QUERY", message));
    let children = children(query);
    if children > MAX_CHILDREN {
        return refuse(format!("{children} child relationships exceed the limit of {MAX_CHILDREN}"));
    }
    let mut lookups = HashSet::new();
    count(query, &mut lookups);
    let count = lookups.len();
    if count > MAX_LOOKUPS {
        return refuse(format!("{count} relationships exceed the limit of {MAX_LOOKUPS}"));
    }
    Ok(())
}

fn children(query: &Query) -> usize {
    let inner = query.select.iter().filter_map(|selection| match selection {
        Selection::Children(inner) => Some(inner),
        Selection::Expression(..) | Selection::Fields(_) | Selection::TypeOf(_) => None,
    });
    inner.map(|inner| 1 + children(inner)).sum()
}

/// Notes every way that the paths of a query take.
fn count(query: &Query, ways: &mut HashSet<String>) {
    for selection in &query.select {
        match selection {
            Selection::Expression(expression, _) => of_expression(expression, ways),
            Selection::Children(_) | Selection::Fields(_) => {}
            Selection::TypeOf(typeof_) => {
                let name = typeof_.relationship.to_string().to_ascii_lowercase();
                let kinds = typeof_.branches.iter().map(|(object, _)| format!("{name}:{object}"));
                ways.extend(kinds.chain([name.clone()]));
            }
        }
    }
    query.condition.iter().chain(&query.having).for_each(|condition| of_condition(condition, ways));
    query.group_by.iter().for_each(|expression| of_expression(expression, ways));
    query.order_by.iter().for_each(|key| of_expression(&key.by, ways));
}

fn of_path(path: &Path, ways: &mut HashSet<String>) {
    let mut way = String::new();
    for lookup in path.parts.iter().take(path.parts.len().saturating_sub(1)) {
        way.push_str(&lookup.to_ascii_lowercase());
        way.push('.');
        ways.insert(way.clone());
    }
}

fn of_expression(expression: &Expression, ways: &mut HashSet<String>) {
    match expression {
        Expression::Field(path) => of_path(path, ways),
        Expression::Number(_) | Expression::Text(_) => {}
        Expression::Call { arguments, .. } => {
            arguments.iter().for_each(|argument| of_expression(argument, ways));
        }
    }
}

fn of_condition(condition: &Condition, ways: &mut HashSet<String>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().for_each(|part| of_condition(part, ways));
        }
        Condition::Not(inner) => of_condition(inner, ways),
        Condition::Compare { left, .. } => of_expression(left, ways),
        Condition::List { left, list, .. } => {
            of_expression(left, ways);
            if let List::Query(query) = list {
                query.condition.iter().for_each(|condition| of_condition(condition, ways));
            }
        }
    }
}
