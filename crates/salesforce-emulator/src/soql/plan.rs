//! Which records to look at: by an index where the conditions allow it.

use std::collections::HashSet;
use std::sync::Arc;

use super::ast::{Operator, Query, Selection};
use super::compile::Compiler;
use super::error::QueryError;
use super::eval::{Filter, Operand, Reader};
use super::prepare::{self, Prepared};
use super::resolve::Resolved;
use crate::org::ids::RecordId;
use crate::org::records::{Record, Table};
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::Value;

/// The records of an object that satisfy a filter, oldest first.
pub(super) fn matching(
    reader: &Reader<'_>,
    object: &Arc<ObjectType>,
    filter: Option<&Filter>,
) -> Vec<Arc<Record>> {
    let Some(table) = reader.org.table(&object.name) else { return Vec::new() };
    let wanted = |record: &&Arc<Record>| {
        reader.reads(object, record) && filter.is_none_or(|filter| reader.holds(filter, object, record))
    };
    match filter.and_then(|filter| candidates(table, object, filter)) {
        Some(mut ids) => {
            ids.sort_unstable();
            ids.dedup();
            ids.iter().filter_map(|id| table.get(*id)).filter(wanted).cloned().collect()
        }
        None => table.rows().filter(wanted).cloned().collect(),
    }
}

/// The only ids that can satisfy the filter, if an index tells.
fn candidates(table: &Table, object: &ObjectType, filter: &Filter) -> Option<Vec<RecordId>> {
    match filter {
        Filter::And(parts) => parts.iter().find_map(|part| candidates(table, object, part)),
        Filter::Or(parts) => {
            let found: Option<Vec<_>> = parts.iter().map(|part| candidates(table, object, part)).collect();
            found.map(|lists| lists.concat())
        }
        Filter::Compare(operand, Operator::Equal, value) => lookup(table, object, operand, value),
        Filter::In(operand, set) => {
            let index = own_index(operand)?;
            let kind = object.fields()[index].kind;
            let mut ids = Vec::new();
            for key in set.iter() {
                ids.extend(lookup(table, object, operand, &from_key(kind, key.as_deref()?)?)?);
            }
            Some(ids)
        }
        Filter::Not(_)
        | Filter::Compare(..)
        | Filter::InDays(..)
        | Filter::Like(..)
        | Filter::Includes(..) => None,
    }
}

fn own_index(operand: &Operand) -> Option<usize> {
    let super::resolve::End::Field(_, index) = &operand.path.end else { return None };
    (operand.path.is_own() && operand.function.is_none()).then_some(*index)
}

fn lookup(table: &Table, object: &ObjectType, operand: &Operand, value: &Value) -> Option<Vec<RecordId>> {
    let index = own_index(operand)?;
    if value.is_null() {
        return None;
    }
    match value {
        Value::Id(id) if object.fields()[index].kind == FieldType::Id => Some(vec![*id]),
        value => table.find(object, index, value),
    }
}

fn from_key(kind: FieldType, key: &str) -> Option<Value> {
    match kind {
        FieldType::Id | FieldType::Reference => RecordId::parse(key).map(Value::Id),
        kind if kind.is_text() => Some(Value::text(key)),
        _ => None,
    }
}

/// Runs the query inside an IN and returns what it finds.
pub(super) fn semi_join(
    compiler: &Compiler<'_>,
    left: &Resolved,
    query: &Query,
) -> Result<HashSet<Option<Arc<str>>>, QueryError> {
    let refuse = |message: &str| Err(QueryError::new("MALFORMED_QUERY", message));
    let [Selection::Expression(super::ast::Expression::Field(path), None)] = query.select.as_slice() else {
        return refuse("Semi join sub-selects can only have one field in the SELECT clause");
    };
    if query.limit.is_some() || !query.order_by.is_empty() || !query.group_by.is_empty() {
        return refuse("Semi join sub-selects cannot have ORDER BY, LIMIT or GROUP BY");
    }
    if !matches!(left.kind(), FieldType::Id | FieldType::Reference) {
        return refuse("The left operand of a semi join must be an id or a reference field");
    }
    let inner: Prepared = prepare::query(&compiler.reader, compiler.names.source, query)?;
    let names = inner.names(compiler.reader.org, compiler.names.source);
    let selected = names.resolve(path)?;
    if !matches!(selected.kind(), FieldType::Id | FieldType::Reference) || !selected.is_own() {
        return refuse("Semi join sub-selects can only select an id or a reference field");
    }
    let records = matching(&compiler.reader, &inner.object, inner.filter.as_ref());
    let found = records.iter().map(|record| selected.value(compiler.reader.org, &inner.object, record));
    Ok(found.filter(|value| !value.is_null()).map(|value| value.index_key()).collect())
}
