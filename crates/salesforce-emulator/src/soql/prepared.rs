//! A prepared query: its types, and running it.

use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::aggregation::Aggregation;
use crate::soql::eval::{Filter, Reader};
use crate::soql::operand::Operand;
use crate::soql::plan;
use crate::soql::resolve::{Lookup, Names, Step};

/// Rows on one page unless fewer are requested.
const MAX_PAGE_ROWS: usize = 2000;

/// A query ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// The object it reads.
    pub(crate) object: Arc<ObjectType>,
    /// The object's short name in the query.
    pub(crate) alias: Option<String>,
    /// The short names of its lookups.
    pub(crate) lookups: Vec<Lookup>,
    /// Its conditions.
    pub(crate) filter: Option<Filter>,
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// How it groups and counts, if it does.
    pub(crate) aggregation: Option<Aggregation>,
    /// Its order.
    pub(crate) order: Vec<SortKey>,
    /// The maximum number of rows.
    pub(super) limit: Option<usize>,
    /// The number of rows to skip.
    pub(super) offset: usize,
}

/// One key of the order.
#[derive(Clone, Debug)]
pub(crate) struct SortKey {
    /// The value.
    pub(super) by: Operand,
    /// Whether greater values come first.
    pub(super) descending: bool,
    /// Whether records without a value come last.
    pub(super) nulls_last: bool,
    /// The options of a picklist, whose order in the setup is the sort order.
    pub(super) options: Vec<String>,
}

/// One key of a row.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// A field of the record.
    Field(usize, Box<str>, bool),
    /// A field of whatever object this is.
    Generic(String),
    /// A compound address.
    Address(String),
    /// A geolocation.
    Location(usize, String),
    /// A record a lookup points at.
    Parent(Step, Vec<Column>),
    /// Records whose lookup points here.
    Children(String, usize, Box<Prepared>),
    /// Fields that depend on the object a lookup points at.
    ///
    /// Without a branch for an object, and without ELSE, nothing is shown.
    TypeOf(Step, Vec<(String, Vec<Column>)>, Option<Vec<Column>>),
    /// A function of a field, under the field's name or one of its own.
    Computed(String, Operand),
}

impl Prepared {
    /// Resolves further paths of the same query.
    pub(crate) fn names<'a>(&'a self, org: &'a Org, source: &'a str) -> Names<'a> {
        Names { org, source, object: &self.object, alias: self.alias.as_deref(), lookups: &self.lookups }
    }

    /// How many records COUNT() counts.
    pub(crate) fn count(&self, reader: &Reader<'_>) -> usize {
        let most = self.offset.saturating_add(self.limit.unwrap_or(usize::MAX));
        let found = plan::matching(reader, &self.object, self.filter.as_ref(), most).len();
        found.saturating_sub(self.offset)
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

    /// The number of rows on one page: fewer when long texts are selected.
    pub(crate) fn page_size(&self, asked: Option<usize>) -> usize {
        let long = self.columns.iter().filter(|column| column.is_long_text()).count();
        let most = match long {
            0 => MAX_PAGE_ROWS,
            1 => 1000,
            _ => 200,
        };
        asked.map_or(most, |asked| asked.clamp(200, MAX_PAGE_ROWS).min(most))
    }

    /// The ids of records, for a cursor.
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

impl Column {
    /// The key it has in a row.
    pub(crate) fn key(&self) -> &str {
        match self {
            Column::Field(_, name, _) => name,
            Column::Generic(name)
            | Column::Address(name)
            | Column::Location(_, name)
            | Column::Children(name, ..) => name,
            Column::Computed(name, _) => name,
            Column::Parent(step, _) | Column::TypeOf(step, ..) => &step.name,
        }
    }

    /// Whether it makes pages shorter.
    pub(crate) fn is_long_text(&self) -> bool {
        matches!(self, Column::Field(_, _, true))
    }
}
