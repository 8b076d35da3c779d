//! A query made ready to run: names resolved, conditions compiled, columns laid out.

use std::sync::Arc;

use super::aggregate::{self, Aggregation};
use super::ast::{Expression, Query, Selection};
use super::compile::Compiler;
use super::error::QueryError;
use super::eval::{Filter, Operand, Reader};
use super::plan;
use super::project::{self, Column};
use super::resolve::Names;
use super::scope;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;

/// Rows on one page unless fewer are requested.
const PAGE: usize = 2000;

/// A query ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// The object it reads.
    pub(crate) object: Arc<ObjectType>,
    /// The object's short name in the query.
    pub(crate) alias: Option<String>,
    /// Its conditions.
    pub(crate) filter: Option<Filter>,
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// How it groups and counts, if it does.
    pub(crate) aggregation: Option<Aggregation>,
    /// Its order.
    pub(crate) order: Vec<SortKey>,
    limit: Option<usize>,
    offset: usize,
}

/// One key of the order.
#[derive(Clone, Debug)]
pub(crate) struct SortKey {
    by: Operand,
    descending: bool,
    nulls_last: bool,
    /// The options of a picklist, which sort as they stand in the setup.
    options: Vec<String>,
}

/// Makes a query ready to run.
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

/// Makes a query over a known object ready to run.
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
    let columns = if aggregation.is_some() { Vec::new() } else { project::columns(&compiler, query)? };
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

fn sort_key(compiler: &Compiler<'_>, key: &super::ast::Ordering) -> Result<SortKey, QueryError> {
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

impl Prepared {
    /// Resolves further paths of the same query.
    pub(super) fn names<'a>(&'a self, org: &'a Org, source: &'a str) -> Names<'a> {
        Names { org, source, object: &self.object, alias: self.alias.as_deref() }
    }

    /// The records found, in order, between OFFSET and LIMIT.
    pub(crate) fn records(&self, reader: &Reader<'_>) -> Vec<Arc<Record>> {
        let most = self.offset.saturating_add(self.limit.unwrap_or(usize::MAX));
        if self.order.is_empty() {
            return self.cut(plan::matching(reader, &self.object, self.filter.as_ref(), most));
        }
        if let Some(key) = self.walked_index()
            && let Some(found) = plan::in_order(reader, &self.object, self.filter.as_ref(), key, most)
        {
            return self.cut(found);
        }
        self.arrange(reader, plan::matching(reader, &self.object, self.filter.as_ref(), usize::MAX))
    }

    /// The field whose index stands in the query's order, and whether it is walked backwards.
    fn walked_index(&self) -> Option<(usize, bool)> {
        let (first, rest) = self.order.split_first()?;
        let index = plan::own_index(&first.by)?;
        let by_age = |key: &SortKey| {
            let field = plan::own_index(&key.by).map(|index| self.object.fields()[index].kind);
            field == Some(FieldType::Id) && !key.descending
        };
        let sorted = self.object.fields()[index].kind == FieldType::Datetime;
        (sorted && rest.iter().all(by_age)).then_some((index, first.descending))
    }

    /// Sorts records that were found another way and cuts them to OFFSET and LIMIT.
    pub(crate) fn arrange(&self, reader: &Reader<'_>, mut found: Vec<Arc<Record>>) -> Vec<Arc<Record>> {
        if !self.order.is_empty() {
            let mut keyed: Vec<(Vec<Value>, Arc<Record>)> = found
                .into_iter()
                .map(|record| {
                    let keys =
                        self.order.iter().map(|key| key.value(reader, &self.object, &record)).collect();
                    (keys, record)
                })
                .collect();
            keyed.sort_by(|(left, first), (right, second)| {
                let keys = self.order.iter().zip(left.iter().zip(right));
                let orders = keys.map(|(key, (left, right))| key.compare(left, right));
                orders
                    .fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
                    .then(first.id.cmp(&second.id))
            });
            found = keyed.into_iter().map(|(_, record)| record).collect();
        }
        self.cut(found)
    }

    fn cut(&self, mut found: Vec<Arc<Record>>) -> Vec<Arc<Record>> {
        found.drain(..self.offset.min(found.len()));
        found.truncate(self.limit.unwrap_or(usize::MAX));
        found
    }

    /// How many rows one page holds: fewer when long texts are selected.
    pub(crate) fn page_size(&self, asked: Option<usize>) -> usize {
        let long = self.columns.iter().filter(|column| column.is_long_text()).count();
        let most = match long {
            0 => PAGE,
            1 => 1000,
            _ => 200,
        };
        asked.map_or(most, |asked| asked.clamp(200, PAGE).min(most))
    }

    /// The ids of records, for a cursor to keep.
    pub(crate) fn ids(records: &[Arc<Record>]) -> Vec<RecordId> {
        records.iter().map(|record| record.id).collect()
    }
}

impl SortKey {
    fn value(&self, reader: &Reader<'_>, object: &Arc<ObjectType>, record: &Arc<Record>) -> Value {
        let value = reader.operand(&self.by, object, record);
        let place = self.options.iter().position(|option| value.as_text() == Some(option));
        place.map_or(value, |place| Value::Integer(place as i64))
    }

    fn compare(&self, left: &Value, right: &Value) -> std::cmp::Ordering {
        match (left.is_null(), right.is_null()) {
            (true, true) => std::cmp::Ordering::Equal,
            (true, false) if self.nulls_last => std::cmp::Ordering::Greater,
            (true, false) => std::cmp::Ordering::Less,
            (false, true) if self.nulls_last => std::cmp::Ordering::Less,
            (false, true) => std::cmp::Ordering::Greater,
            (false, false) if self.descending => right.compare(left),
            (false, false) => left.compare(right),
        }
    }
}

/// Whether a query only asks how many records there are.
pub(super) fn is_plain_count(query: &Query) -> bool {
    matches!(
        query.select.as_slice(),
        [Selection::Expression(Expression::Call { name, arguments, .. }, None)]
            if arguments.is_empty() && name.eq_ignore_ascii_case("COUNT")
    )
}
