//! Which queries Bulk API 2.0 answers.

use crate::soql::ast::{Expression, Query, Selection};
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::prepare;
use crate::soql::prepared::Prepared;

/// Objects that only REST answers queries about.
const UNSUPPORTED: [&str; 2] = ["TaskPriority", "TaskStatus"];

/// A query that has been read and may be answered.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The query as it was written.
    pub(super) query: Query,
    /// The query ready to run.
    pub(crate) prepared: Prepared,
    /// Whether it selects a compound field, which ends the job instead of being refused at once.
    pub(super) compound: bool,
}

/// Reads a query and refuses what Bulk API 2.0 does not answer.
pub(crate) fn check(reader: &Reader<'_>, soql: &str) -> Result<Checked, QueryError> {
    let query = parse(soql)?;
    let known = reader.org.schema.visible(&query.from.name);
    if let Some(object) = known.filter(|object| UNSUPPORTED.contains(&object.name.as_str())) {
        let message = format!("Entity '{}' is not supported by the Bulk API.", object.name);
        return Err(QueryError::new("INVALIDENTITY", message));
    }
    refuse(&query)?;
    let prepared = prepare::query(reader, soql, &query)?;
    let names = prepared.names(reader.org, soql);
    let compound = query.select.iter().any(|selection| match selection {
        Selection::Expression(Expression::Field(path), _) => {
            names.resolve(path).is_ok_and(|resolved| resolved.kind().is_compound())
        }
        Selection::Fields(_) => prepared.object.visible_fields().any(|(_, field)| field.kind.is_compound()),
        Selection::Expression(..) | Selection::Children(_) | Selection::TypeOf(_) => false,
    });
    Ok(Checked { query, prepared, compound })
}

/// The words of these refusals are uncertain, except those about children.
fn refuse(query: &Query) -> Result<(), QueryError> {
    let restricted = |what: &str| {
        let message = format!("Implementation restriction: {what} not supported in Bulk V2 Query");
        Err(QueryError::new("API_ERROR", message))
    };
    if query.offset.is_some() {
        return restricted("OFFSET clause is");
    }
    if query.purpose.is_some() {
        return restricted("FOR clause is");
    }
    if !query.group_by.is_empty() || query.having.is_some() {
        return restricted("GROUP BY clause is");
    }
    for selection in &query.select {
        match selection {
            Selection::TypeOf(_) => return restricted("TYPEOF clause is"),
            Selection::Children(_) => {
                let message = "Aggregate Relationships not supported in Bulk V2 Query with CSV content type";
                return Err(QueryError::new("API_ERROR", message));
            }
            Selection::Expression(Expression::Field(_), _) | Selection::Fields(_) => {}
            Selection::Expression(call, _) if call.aggregates() => {
                return restricted("aggregate functions are");
            }
            Selection::Expression(..) => {}
        }
    }
    Ok(())
}
