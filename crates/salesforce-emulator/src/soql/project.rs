//! What a query shows of each record.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::ast::{
    Condition, Expression, FieldSet, List, ListOperator, Operator, Path, Query, Selection, TypeOf,
};
use super::compile::Compiler;
use super::error::QueryError;
use super::eval::{Operand, Reader};
use super::plan;
use super::prepare::{self, Prepared};
use super::resolve::{End, Resolved, Step, generic, parent, stored};
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::Value;

/// Records that FIELDS(ALL) and FIELDS(CUSTOM) may show.
const MAX_WITH_FIELDS: u64 = 200;

/// One key of a row.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// A field of the record.
    Field(usize, Box<str>, bool),
    /// A field of whatever object this is.
    Generic(String),
    /// A compound address.
    Address(String),
    /// A record a lookup points at.
    Parent(Step, Vec<Column>),
    /// Records whose lookup points here.
    Children(String, usize, Box<Prepared>),
    /// Fields that depend on the object a lookup points at.
    TypeOf(Step, Vec<(String, Vec<Column>)>, Vec<Column>),
    /// What people see of a picklist's value.
    Label(usize, String),
    /// A function of a field, under a name of its own.
    Computed(String, Operand),
}

/// Lays out the columns of a query that does not group.
pub(super) fn columns(compiler: &Compiler<'_>, query: &Query) -> Result<Vec<Column>, QueryError> {
    let mut columns = Vec::new();
    let mut unnamed = 0;
    for selection in &query.select {
        match selection {
            Selection::Expression(Expression::Field(path), _) => {
                let resolved = compiler.names.resolve(path)?;
                place(&mut columns, &resolved, path)?;
            }
            Selection::Expression(Expression::Call { name, arguments, .. }, alias)
                if name.eq_ignore_ascii_case("toLabel") =>
            {
                let [Expression::Field(path)] = arguments.as_slice() else {
                    return Err(QueryError::new("MALFORMED_QUERY", "toLabel needs one field"));
                };
                let before = columns.len();
                place(&mut columns, &compiler.names.resolve(path)?, path)?;
                if let Some(Column::Field(index, field, _)) = columns.get(before).cloned() {
                    columns[before] =
                        Column::Label(index, alias.clone().unwrap_or_else(|| field.to_string()));
                }
            }
            Selection::Expression(call @ Expression::Call { .. }, alias) => {
                let name = alias.clone().unwrap_or_else(|| {
                    unnamed += 1;
                    format!("expr{}", unnamed - 1)
                });
                columns.push(Column::Computed(name, compiler.operand(call)?));
            }
            Selection::Children(inner) => columns.push(children(compiler, query, inner)?),
            Selection::Fields(set) => all_fields(compiler, query, *set, &mut columns)?,
            Selection::TypeOf(typeof_) => columns.push(type_of(compiler, typeof_)?),
        }
    }
    Ok(columns)
}

fn duplicate(path: &Path) -> QueryError {
    QueryError::new("INVALID_FIELD", format!("duplicate field selected: {}", path.parts.join(".")))
}

fn place(columns: &mut Vec<Column>, resolved: &Resolved, path: &Path) -> Result<(), QueryError> {
    let mut level = columns;
    for step in &resolved.steps {
        let known = level
            .iter()
            .position(|column| matches!(column, Column::Parent(known, _) if known.name == step.name));
        let at = known.unwrap_or_else(|| {
            level.push(Column::Parent(step.clone(), Vec::new()));
            level.len() - 1
        });
        let Column::Parent(_, next) = &mut level[at] else { return Err(duplicate(path)) };
        level = next;
    }
    let column = match &resolved.end {
        End::Field(object, index) => field_column(object, *index),
        End::Generic(name) => Column::Generic(name.clone()),
    };
    if level.iter().any(|known| known.key() == column.key()) {
        return Err(duplicate(path));
    }
    level.push(column);
    Ok(())
}

/// The column of one field.
pub(crate) fn field_column(object: &ObjectType, index: usize) -> Column {
    let field = &object.fields()[index];
    if field.kind == FieldType::Address {
        Column::Address(field.name.clone())
    } else {
        Column::Field(index, field.name.as_str().into(), field.is_long_text())
    }
}

fn all_fields(
    compiler: &Compiler<'_>,
    query: &Query,
    set: FieldSet,
    columns: &mut Vec<Column>,
) -> Result<(), QueryError> {
    if set != FieldSet::Standard
        && query.limit.is_none_or(|limit| limit > MAX_WITH_FIELDS)
        && !names_few(query)
    {
        let message = "The SOQL FIELDS function must have a LIMIT of at most 200";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    let object = compiler.names.object;
    let before = columns.len();
    for (index, field) in object.visible_fields() {
        if set == FieldSet::All || field.custom == (set == FieldSet::Custom) {
            let column = field_column(object, index);
            if columns.iter().any(|known| known.key() == column.key()) {
                let message = format!("duplicate field selected: {}", field.name);
                return Err(QueryError::new("INVALID_FIELD", message));
            }
            columns.push(column);
        }
    }
    if columns.len() == before {
        let message = "'FIELDS(...)' expansion function must result in at least one field being selected.";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    Ok(())
}

/// Whether the conditions name so few records that FIELDS(ALL) is allowed.
fn names_few(query: &Query) -> bool {
    fn few(condition: &Condition) -> bool {
        let is_id = |left: &Expression| matches!(left, Expression::Field(path) if path.parts.len() == 1 && path.parts[0].eq_ignore_ascii_case("Id"));
        match condition {
            Condition::And(parts) => parts.iter().any(few),
            Condition::Compare { left, operator, .. } => *operator == Operator::Equal && is_id(left),
            Condition::List { left, operator: ListOperator::In, list: List::Literals(literals), .. } => {
                is_id(left) && literals.len() as u64 <= MAX_WITH_FIELDS
            }
            Condition::List { .. } | Condition::Or(_) | Condition::Not(_) => false,
        }
    }
    query.condition.as_ref().is_some_and(few)
}

fn children(compiler: &Compiler<'_>, outer: &Query, inner: &Query) -> Result<Column, QueryError> {
    if inner.offset.is_some() && outer.limit != Some(1) {
        let message = "OFFSET clause in a subquery is only allowed when the parent query has LIMIT 1";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    let (names, reader) = (&compiler.names, &compiler.reader);
    let list = inner.from.name.rsplit('.').next().unwrap_or_default();
    let child = reader.org.schema.child_list(&names.object.name, list).ok_or_else(|| {
        let message = format!(
            "Didn't understand relationship '{list}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
        );
        QueryError::at(names.source, inner.from.at.0, "INVALID_TYPE", &message)
    })?;
    let prepared = prepare::over(reader, names.source, inner, child.object)?;
    if prepared.aggregation.is_some() {
        return Err(QueryError::new("MALFORMED_QUERY", "only root queries support aggregate expressions"));
    }
    let name = child.field.children.clone().unwrap_or_default();
    Ok(Column::Children(name, child.index, Box::new(prepared)))
}

fn type_of(compiler: &Compiler<'_>, typeof_: &TypeOf) -> Result<Column, QueryError> {
    let names = &compiler.names;
    let name = typeof_.relationship.parts.join(".");
    let index = names.object.relationship(&name).ok_or_else(|| {
        let message = format!("Didn't understand relationship '{name}' in field path.");
        QueryError::at(names.source, typeof_.relationship.at.0, "INVALID_FIELD", &message)
    })?;
    let field = &names.object.fields()[index];
    let step = Step { name: field.relationship.clone().unwrap_or_default(), index: Some(index) };
    let mut branches = Vec::new();
    for (object, fields) in &typeof_.branches {
        let object = names.org.schema.visible(object).ok_or_else(|| {
            QueryError::new("INVALID_TYPE", format!("sObject type '{object}' is not supported."))
        })?;
        let inner = super::resolve::Names { object, alias: None, ..*names };
        let mut columns = Vec::new();
        for path in fields {
            place(&mut columns, &inner.resolve(path)?, path)?;
        }
        branches.push((object.name.clone(), columns));
    }
    let otherwise = typeof_.otherwise.iter().map(|path| Column::Generic(path.parts.join("."))).collect();
    Ok(Column::TypeOf(step, branches, otherwise))
}

impl Column {
    /// The key it has in a row.
    pub(crate) fn key(&self) -> &str {
        match self {
            Column::Field(_, name, _) => name,
            Column::Generic(name) | Column::Address(name) | Column::Children(name, ..) => name,
            Column::Computed(name, _) | Column::Label(_, name) => name,
            Column::Parent(step, _) | Column::TypeOf(step, ..) => &step.name,
        }
    }

    /// Whether it makes pages shorter.
    pub(crate) fn is_long_text(&self) -> bool {
        matches!(self, Column::Field(_, _, true))
    }

    /// What it shows of one record.
    pub(super) fn value(&self, reader: &Reader<'_>, object: &Arc<ObjectType>, record: &Arc<Record>) -> Json {
        match self {
            Column::Field(index, ..) => stored(object, record, *index).to_json(),
            Column::Generic(name) => generic(object, record, name).to_json(),
            Column::Address(name) => address(object, record, name),
            Column::Label(index, _) => label(object, record, *index),
            Column::Computed(_, operand) => reader.operand(operand, object, record).to_json(),
            Column::Parent(step, columns) => match parent(reader.org, object, record, step) {
                Some((object, record)) => row(reader, columns, &object, &record),
                None => Json::Null,
            },
            Column::TypeOf(step, branches, otherwise) => {
                let Some((object, record)) = parent(reader.org, object, record, step) else {
                    return Json::Null;
                };
                let branch = branches.iter().find(|(name, _)| *name == object.name);
                row(reader, branch.map_or(otherwise, |(_, columns)| columns), &object, &record)
            }
            Column::Children(_, index, prepared) => child_rows(reader, *index, prepared, record),
        }
    }
}

fn label(object: &ObjectType, record: &Record, index: usize) -> Json {
    let value = stored(object, record, index);
    let options = object.fields().get(index).map_or(&[][..], |field| &field.values);
    let option = options.iter().find(|option| value.as_text() == Some(&option.value));
    option.map_or_else(|| value.to_json(), |option| Json::from(option.label.as_str()))
}

fn child_rows(reader: &Reader<'_>, index: usize, prepared: &Prepared, record: &Arc<Record>) -> Json {
    let Some(table) = reader.org.table(&prepared.object.name) else { return Json::Null };
    let object = &prepared.object;
    let ids = table.find(object, index, &Value::Id(record.id));
    let pointing: Vec<Arc<Record>> = match ids {
        Some(ids) => ids.iter().filter_map(|id| table.get(*id)).cloned().collect(),
        None => table.rows().filter(|child| child.get(index).as_id() == Some(record.id)).cloned().collect(),
    };
    let mut found: Vec<Arc<Record>> =
        pointing.into_iter().filter(|child| reader.reads(object, child)).collect();
    found.retain(|child| prepared.filter.as_ref().is_none_or(|filter| reader.holds(filter, object, child)));
    let found = prepared.arrange(reader, found);
    if found.is_empty() {
        return Json::Null;
    }
    let rows: Vec<Json> = found.iter().map(|child| row(reader, &prepared.columns, object, child)).collect();
    json!({"totalSize": rows.len(), "done": true, "records": rows})
}

/// One record as JSON: its attributes, then the columns in order.
pub(crate) fn row(
    reader: &Reader<'_>,
    columns: &[Column],
    object: &Arc<ObjectType>,
    record: &Arc<Record>,
) -> Json {
    let mut shown = Map::new();
    let url = format!("{}/sobjects/{}/{}", reader.base_path, object.name, record.id);
    shown.insert("attributes".to_owned(), json!({"type": object.name, "url": url}));
    for column in columns {
        shown.insert(column.key().to_owned(), column.value(reader, object, record));
    }
    Json::Object(shown)
}

/// A compound address: null when every part is, else an object with all parts.
pub(crate) fn address(object: &ObjectType, record: &Record, name: &str) -> Json {
    let prefix = name.strip_suffix("Address").unwrap_or_default();
    let part = |suffix: &str| record.value(object, &format!("{prefix}{suffix}")).to_json();
    let parts = [
        ("city", part("City")),
        ("country", part("Country")),
        ("geocodeAccuracy", part("GeocodeAccuracy")),
        ("latitude", part("Latitude")),
        ("longitude", part("Longitude")),
        ("postalCode", part("PostalCode")),
        ("state", part("State")),
        ("street", part("Street")),
    ];
    if parts.iter().all(|(_, value)| value.is_null()) {
        return Json::Null;
    }
    let mut shown: Map<String, Json> =
        parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    if object.visible_index(&format!("{prefix}CountryCode")).is_some() {
        shown.insert("countryCode".to_owned(), part("CountryCode"));
        shown.insert("stateCode".to_owned(), part("StateCode"));
        shown.sort_keys();
    }
    Json::Object(shown)
}

/// The records that satisfy a query's conditions, whatever its order and limits.
pub(crate) fn matching(reader: &Reader<'_>, prepared: &Prepared) -> Vec<Arc<Record>> {
    plan::matching(reader, &prepared.object, prepared.filter.as_ref(), usize::MAX)
}
