//! Preparing a query: resolves names, compiles conditions and lays out columns.

use std::sync::Arc;

use crate::org::schema::ObjectType;
use crate::soql::aggregate;
use crate::soql::ast::{Ordering, Path, Query};
use crate::soql::compile::{Compiler, Place};
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::limits;
use crate::soql::operand::{Function, Use};
use crate::soql::prepared::{Prepared, SortKey};
use crate::soql::resolve::{Lookup, Names};
use crate::soql::scope;

/// Prepares a query.
pub(crate) fn query(reader: &Reader<'_>, source: &str, query: &Query) -> Result<Prepared, QueryError> {
    limits::check(query)?;
    over(reader, source, query, object(reader, source, query)?, Place::Whole)
}

/// Prepares a query inside an IN.
pub(super) fn inner(reader: &Reader<'_>, source: &str, query: &Query) -> Result<Prepared, QueryError> {
    over(reader, source, query, object(reader, source, query)?, Place::SemiJoin)
}

fn object<'a>(reader: &Reader<'a>, source: &str, query: &Query) -> Result<&'a Arc<ObjectType>, QueryError> {
    let object = reader.org.schema.visible(&query.from.name);
    let object = object.ok_or_else(|| {
        let message = format!(
            "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
            query.from.name
        );
        QueryError::at(source, query.from.at.0, "INVALID_TYPE", &message)
    })?;
    if !object.has("queryable") {
        let message = format!("entity type {} does not support query", object.name);
        return Err(QueryError::new("INVALID_TYPE_FOR_OPERATION", message));
    }
    Ok(object)
}

/// Prepares a query over a known object.
pub(super) fn over(
    reader: &Reader<'_>,
    source: &str,
    query: &Query,
    object: &Arc<ObjectType>,
    place: Place,
) -> Result<Prepared, QueryError> {
    if query.offset.is_some_and(|offset| offset > 2000) {
        return Err(QueryError::new("NUMBER_OUTSIDE_VALID_RANGE", "maximum SOQL offset allowed is 2000"));
    }
    allowed(query, place)?;
    let alias = query.from.alias.as_deref();
    let lookups = lookups(Names { org: reader.org, source, object, alias, lookups: &[] }, query)?;
    let names = Names { org: reader.org, source, object, alias, lookups: &lookups };
    let compiler = Compiler { reader: *reader, names, place };
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
        lookups,
        filter,
        columns,
        aggregation,
        order,
        limit: query.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        offset: query.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0),
    })
}

/// Refuses clauses that can be read but mean nothing to the API.
fn allowed(query: &Query, place: Place) -> Result<(), QueryError> {
    let refuse = |message: &str| Err(QueryError::new("MALFORMED_QUERY", message));
    if query.access.as_deref() == Some("SYSTEM_MODE") {
        return refuse("WITH SYSTEM_MODE is only allowed in Apex");
    }
    if query.purpose.as_deref() == Some("UPDATE") {
        return refuse("FOR UPDATE is only allowed in Apex");
    }
    if query.purpose.is_some() && place != Place::Whole {
        return refuse("FOR VIEW and FOR REFERENCE are not allowed in a subquery");
    }
    if !query.statistics.is_empty() {
        return refuse("UPDATE TRACKING and UPDATE VIEWSTAT are only allowed in queries of articles");
    }
    Ok(())
}

/// The lookups that FROM names beside the object; each begins at the object or at one before it.
fn lookups(names: Names<'_>, query: &Query) -> Result<Vec<Lookup>, QueryError> {
    let mut known: Vec<Lookup> = Vec::new();
    for lookup in &query.lookups {
        let unknown = || {
            let message = format!(
                "Didn't understand relationship '{}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
                lookup.name
            );
            QueryError::at(names.source, lookup.at.0, "INVALID_TYPE", &message)
        };
        let parts: Vec<String> = lookup.name.split('.').map(str::to_owned).collect();
        let way = Names { lookups: &known, ..names }.relative(&parts);
        if way.len() == parts.len() && !known.iter().any(|one| one.alias.eq_ignore_ascii_case(&parts[0])) {
            return Err(unknown());
        }
        let path = Path { parts: parts.clone(), at: lookup.at };
        names.way(&way, &path).map_err(|_| unknown())?;
        let alias = lookup.alias.clone().or_else(|| parts.last().cloned()).unwrap_or_default();
        known.push(Lookup { alias, way });
    }
    Ok(known)
}

fn sort_key(compiler: &Compiler<'_>, key: &Ordering) -> Result<SortKey, QueryError> {
    let by = compiler.operand(&key.by, Use::OrderBy)?;
    let distance = matches!(by.function, Some(Function::Distance(_)));
    if !distance && by.path.field().is_some_and(|field| !field.sortable()) {
        let message = format!("field '{}' can not be sorted in a query call", by.path.name());
        return Err(QueryError::at(compiler.names.source, key.by.at(), "INVALID_FIELD", &message));
    }
    let options =
        by.path.field().map(|field| field.values.iter().map(|option| option.value.clone()).collect());
    Ok(SortKey {
        descending: key.descending,
        // A lookup without a target comes first, whatever the query says.
        nulls_last: key.nulls_last.unwrap_or(false) && !by.path.is_optional_lookup(),
        options: options.unwrap_or_default(),
        by,
    })
}
