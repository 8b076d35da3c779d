//! USING SCOPE: whose records a query sees.

use crate::soql::ast::{Condition, Expression, List, Literal, Operator, Path, Position, Query};
use crate::soql::compile::{Compiler, Place};
use crate::soql::error::QueryError;
use crate::soql::eval::Filter;

/// Semi-joins a query may have.
const MAX_SEMI_JOINS: usize = 2;

/// The conditions of a query, together with those of its scope.
pub(super) fn narrowed(compiler: &Compiler<'_>, query: &Query) -> Result<Option<Filter>, QueryError> {
    if query.condition.as_ref().map_or(0, semi_joins) > MAX_SEMI_JOINS {
        let message = "Maximum 2 semi join sub-selects are allowed";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    if query.condition.as_ref().is_some_and(misplaced) {
        let message = "Semi join sub-selects are not allowed with the 'OR' or the 'NOT' operator";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    if query.scope.is_some() && compiler.place != Place::Whole {
        let message = "USING SCOPE is not allowed in a subquery";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    let condition = query.condition.as_ref().map(|condition| compiler.condition(condition)).transpose()?;
    let scope = query.scope.as_deref().map(|name| of_scope(compiler, name)).transpose()?.flatten();
    Ok(match (condition, scope) {
        (Some(condition), Some(scope)) => Some(Filter::And(vec![condition, scope])),
        (one, other) => one.or(other),
    })
}

fn semi_joins(condition: &Condition) -> usize {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().map(semi_joins).sum(),
        Condition::Not(inner) => semi_joins(inner),
        Condition::List { list: List::Query(_), .. } => 1,
        Condition::List { .. } | Condition::Compare { .. } => 0,
    }
}

/// Whether a semi-join stands in an OR or a NOT, however deep.
fn misplaced(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) => parts.iter().any(misplaced),
        Condition::Or(parts) => parts.iter().map(semi_joins).sum::<usize>() > 0,
        Condition::Not(inner) => semi_joins(inner) > 0,
        Condition::List { .. } | Condition::Compare { .. } => false,
    }
}

fn of_scope(compiler: &Compiler<'_>, name: &str) -> Result<Option<Filter>, QueryError> {
    let known = compiler.names.object.scopes().into_iter().find(|known| known.eq_ignore_ascii_case(name));
    let Some(known) = known else {
        return Err(QueryError::new("MALFORMED_QUERY", format!("Invalid scope: {name}")));
    };
    let compare = |parts: &[&str], value: String| {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        let left = Expression::Field(Path { parts, at: Position::default() });
        let right = Literal::Text(value);
        compiler.condition(&Condition::Compare {
            left,
            operator: Operator::Equal,
            right,
            at: Position::default(),
        })
    };
    let owned = compiler.names.object.field("OwnerId").is_some();
    Ok(match known {
        _ if !owned => None,
        "queue_owned" => Some(compare(&["Owner", "Type"], "Queue".to_owned())?),
        "user_owned" => Some(compare(&["Owner", "Type"], "User".to_owned())?),
        // Users here have no team and no delegates: only their own records remain.
        "mine" | "team" | "delegated" => Some(compare(&["OwnerId"], compiler.reader.user.to_string())?),
        _ => None,
    })
}
