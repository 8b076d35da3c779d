//! What a query job has found: the records, and which of their values make up a row.

use std::collections::HashMap;
use std::sync::Arc;

use crate::bulk::query::computed;
use crate::bulk::query::refuse::Checked;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::Value;
use crate::soql::ast::{Expression, Selection};
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::resolve::{End, Resolved, Step, generic, parent};

static FALSE: Value = Value::Boolean(false);
static NULL: Value = Value::Null;

/// One record a row shows values of.
type Shown = (Arc<ObjectType>, Arc<Record>);

/// What a query job has found.
///
/// It holds the records as they were then, so that later changes do not show and a result costs little memory.
#[derive(Debug)]
pub(crate) struct Found {
    pub(super) columns: Vec<Column>,
    pub(super) records: Vec<Arc<Record>>,
    /// The records that lookups led to, so many for each record found.
    parents: Vec<Option<Shown>>,
    width: usize,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name in the first row.
    pub(super) header: String,
    /// Which of the records that lookups led to; `None` is the record itself.
    source: Option<usize>,
    end: ColumnEnd,
}

#[derive(Debug)]
enum ColumnEnd {
    /// A field, and whether it is a checkbox, which never is without a value.
    Field(usize, bool),
    /// A field of whatever object the lookup led to.
    Generic(String),
    /// A function of a field, worked out for every row.
    Computed(Vec<Value>),
}

/// One lookup to follow, from the record or from where another one led to.
struct Source {
    from: Option<usize>,
    step: Step,
}

/// Collects the records of a query and everything its rows show.
pub(super) fn find(reader: &Reader<'_>, soql: &str, checked: &Checked) -> Result<Found, QueryError> {
    let object = &checked.prepared.object;
    let names = checked.prepared.names(reader.org, soql);
    let mut sources = Sources::default();
    let mut columns = Vec::new();
    for selection in &checked.query.select {
        match selection {
            Selection::Expression(Expression::Field(path), _) => {
                columns.push(sources.column(&names.resolve(path)?));
            }
            Selection::Fields(_) => columns.extend(object.visible_fields().map(|(index, field)| Column {
                header: field.name.clone(),
                source: None,
                end: ColumnEnd::Field(index, field.kind == FieldType::Boolean),
            })),
            Selection::Expression(call, alias) => columns.push(Column {
                header: computed::header(&names, call, alias.as_deref())?,
                source: None,
                end: ColumnEnd::Computed(Vec::new()),
            }),
            Selection::Children(_) | Selection::TypeOf(_) => {}
        }
    }
    let records = checked.prepared.records(reader);
    for column in &mut columns {
        if let ColumnEnd::Computed(values) = &mut column.end {
            *values = computed::values(reader, &checked.prepared, &column.header, &records);
        }
    }
    let width = sources.list.len();
    let mut parents: Vec<Option<Shown>> = Vec::with_capacity(records.len() * width);
    for record in &records {
        let base = parents.len();
        for source in &sources.list {
            let led_to = match source.from {
                None => parent(reader.org, object, record, &source.step),
                Some(from) => parents[base + from]
                    .as_ref()
                    .and_then(|(object, record)| parent(reader.org, object, record, &source.step)),
            };
            parents.push(led_to);
        }
    }
    Ok(Found { columns, records, parents, width })
}

#[derive(Default)]
struct Sources {
    list: Vec<Source>,
    known: HashMap<String, usize>,
}

impl Sources {
    fn column(&mut self, resolved: &Resolved) -> Column {
        let (mut from, mut path) = (None, String::new());
        for step in &resolved.steps {
            path.push_str(&step.name);
            path.push('.');
            let next = self.list.len();
            let at = *self.known.entry(path.clone()).or_insert(next);
            if at == next {
                self.list.push(Source { from, step: step.clone() });
            }
            from = Some(at);
        }
        let end = match &resolved.end {
            End::Field(_, index) => ColumnEnd::Field(*index, resolved.kind() == FieldType::Boolean),
            End::Generic(name) => ColumnEnd::Generic(name.clone()),
        };
        Column { header: path + resolved.name(), source: from, end }
    }
}

impl Found {
    /// Passes a row's values to the printer.
    pub(super) fn each_value(&self, row: usize, mut take: impl FnMut(&Value)) {
        let own = &self.records[row];
        let parents = &self.parents[row * self.width..(row + 1) * self.width];
        for column in &self.columns {
            let shown = match column.source {
                None => Some(own),
                Some(source) => parents[source].as_ref().map(|(_, record)| record),
            };
            match (&column.end, shown) {
                (_, None) => take(&NULL),
                (ColumnEnd::Computed(values), _) => take(values.get(row).unwrap_or(&NULL)),
                (ColumnEnd::Field(index, checkbox), Some(record)) => match record.get(*index) {
                    Value::Null if *checkbox => take(&FALSE),
                    value => take(value),
                },
                (ColumnEnd::Generic(name), Some(record)) => {
                    let object = column.source.and_then(|source| parents[source].as_ref());
                    take(&object.map(|(object, _)| generic(object, record, name)).unwrap_or_default());
                }
            }
        }
    }
}
