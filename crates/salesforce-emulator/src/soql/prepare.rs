//! Preparing a query: resolves names, compiles conditions and lays out columns.

use std::sync::Arc;

use crate::org::schema::ObjectType;
use crate::soql::aggregate;
use crate::soql::ast::{Ordering, Query};
use crate::soql::compile::Compiler;
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::prepared::{Prepared, SortKey};
use crate::soql::resolve::Names;
use crate::soql::scope;

/// Prepares a query.
pub(crate) fn query(reader: &Reader<'_>, source: &str, query: &Query) -> Result<Prepared, QueryError> {
    let object = reader.org.schema.visible(&query.from.name);
    let object = object.filter(|object| object.has("queryable")).ok_or_else(|| {
        let message = format!(
            "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
            query.from.name
        );
        QueryError::at(source, query.from.at.0, "INVALID_TYPE", &message)
    })?;
    over(reader, source, query, object)
}

/// Prepares a query over a known object.
pub(super) fn over(
    reader: &Reader<'_>,
    source: &str,
    query: &Query,
    object: &Arc<ObjectType>,
) -> Result<Prepared, QueryError> {
    if query.offset.is_some_and(|offset| offset > 2000) {
        return Err(QueryError::new("NUMBER_OUTSIDE_VALID_RANGE", "maximum SOQL offset allowed is 2000"));
    }
    let names = Names { org: reader.org, source, object, alias: query.from.alias.as_deref() };
    let compiler = Compiler { reader: *reader, names };
    let filter = scope::narrowed(&compiler, query)?;
    let aggregation = aggregate::plan(&compiler, query)?;
    let columns = if aggregation.is_some() { Vec::new() } else { compiler.columns(query)? };
    let order = match &aggregation {
        Some(_) => Vec::new(),
        None => query.order_by.iter().map(|key| sort_key(&compiler, key)).collect::<Result<_, _>>()?,
    };
    Ok(Prepared {
        object: Arc::clone(object),
        alias: query.from.alias.clone(),
        filter,
        columns,
        aggregation,
        order,
        limit: query.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        offset: query.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0),
    })
}

fn sort_key(compiler: &Compiler<'_>, key: &Ordering) -> Result<SortKey, QueryError> {
    let by = compiler.operand(&key.by)?;
    if by.path.field().is_some_and(|field| !field.sortable()) {
        let message = format!("field '{}' can not be sorted in a query call", by.path.name());
        return Err(QueryError::at(compiler.names.source, key.by.at(), "INVALID_FIELD", &message));
    }
    let options =
        by.path.field().map(|field| field.values.iter().map(|option| option.value.clone()).collect());
    Ok(SortKey {
        by,
        descending: key.descending,
        nulls_last: key.nulls_last.unwrap_or(false),
        options: options.unwrap_or_default(),
    })
}
