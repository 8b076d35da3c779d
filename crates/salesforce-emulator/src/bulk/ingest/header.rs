//! From a table's first row to what each of its columns is for.

use std::sync::Arc;

use crate::bulk::csv::{Reader, Row};
use crate::bulk::ingest::job::{IngestJob, Operation};
use crate::org::schema::{Field, FieldType, ObjectType, Schema};

/// Characters in the first row.
const MAX_LENGTH: usize = 32_000;

/// What one column is for.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// A field of the record.
    Field(usize),
    /// A lookup, given by a key of the record it points at.
    Lookup {
        /// The lookup's name in a path.
        relationship: String,
        /// The object it points at.
        target: Arc<ObjectType>,
        /// The key's place among the target's fields.
        key: usize,
    },
}

/// What is done with each row.
#[derive(Debug)]
pub(super) struct Plan {
    /// What is done.
    pub(super) operation: Operation,
    /// The object.
    pub(super) object: Arc<ObjectType>,
    /// What each column is for.
    pub(super) columns: Vec<Column>,
    /// The column of the record's id.
    pub(super) id: Option<usize>,
    /// The key of an upsert.
    pub(super) key: Option<String>,
    /// The column of the key of an upsert.
    pub(super) key_column: Option<usize>,
}

/// Reads the first row and where the rows begin; the reason is the job's when it cannot be read.
pub(super) fn read(schema: &Schema, job: &IngestJob) -> Result<(Plan, usize), String> {
    let upload = job.upload.clone().unwrap_or_default();
    let expected = job.head.format.line_ending;
    if Reader::first_line_ending(&upload).is_some_and(|found| found != expected) {
        return Err(format!(
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {}",
            expected.name()
        ));
    }
    let mut reader = Reader::new(&upload, 0, job.head.format);
    let header = reader.next().filter(usable).ok_or("InvalidBatch : Failed to parse CSV header row")?;
    let object = schema.visible(&job.head.object).ok_or("InvalidBatch : The object no longer exists")?;
    let columns: Vec<Column> =
        header.values.iter().map(|name| column(schema, object, name)).collect::<Result<_, _>>()?;
    let places: Vec<Option<usize>> = columns.iter().map(Column::field).collect();
    if let Some((_, name)) = (1..).zip(&header.values).find(|(next, _)| {
        let own = places[next - 1];
        own.is_some() && places[*next..].contains(&own)
    }) {
        return Err(format!("InvalidBatch : Duplicate field name : {name}"));
    }
    let at = |index: Option<usize>| index.and_then(|index| places.iter().position(|own| *own == Some(index)));
    let id = at(object.fields().iter().position(|field| field.kind == FieldType::Id));
    if job.operation.deletes() && (id.is_none() || columns.len() != 1) {
        let message = format!("InvalidBatch : The '{}' batch must contain only ids", job.operation.name());
        return Err(message);
    }
    let plan = Plan {
        operation: job.operation,
        object: Arc::clone(object),
        id,
        key: job.external_id.clone(),
        key_column: job.external_id.as_deref().and_then(|name| at(object.visible_index(name))),
        columns,
    };
    Ok((plan, reader.position()))
}

fn usable(header: &Row<'_>) -> bool {
    let length: usize = header.values.iter().map(|name| name.chars().count() + 1).sum();
    header.fault.is_none() && length <= MAX_LENGTH + 1
}

fn column(schema: &Schema, object: &ObjectType, name: &str) -> Result<Column, String> {
    let own = object.visible_index(name).filter(|index| !object.fields()[*index].kind.is_compound());
    own.map(Column::Field)
        .or_else(|| lookup(schema, object, name))
        .ok_or_else(|| format!("InvalidBatch : Field name not found : {name}"))
}

/// Reads `Owner.Username`, or `Lead:Who.Email` where a lookup can point at several objects.
fn lookup(schema: &Schema, object: &ObjectType, name: &str) -> Option<Column> {
    let (path, key) = name.split_once('.')?;
    let (target, relationship) =
        path.split_once(':').map_or((None, path), |(target, relationship)| (Some(target), relationship));
    let field = &object.fields()[object.relationship(relationship)?];
    let found = field
        .reference_to
        .iter()
        .filter(|known| target.is_none_or(|target| known.eq_ignore_ascii_case(target)))
        .filter_map(|known| schema.visible(known))
        .find_map(|known| key_of(known, key).map(|key| (Arc::clone(known), key)));
    let (target_type, key) = found.filter(|_| target.is_some() != must_be_plain(field))?;
    Some(Column::Lookup { relationship: relationship.to_owned(), target: target_type, key })
}

fn key_of(object: &ObjectType, name: &str) -> Option<usize> {
    object.visible_index(name).filter(|index| object.fields()[*index].is_upsert_key())
}

/// Whether a lookup's target goes without saying. An owner may be a queue too, and is still written `Owner.Username`.
fn must_be_plain(field: &Field) -> bool {
    !field.is_polymorphic() || field.name == "OwnerId"
}

impl Column {
    fn field(&self) -> Option<usize> {
        match self {
            Column::Field(index) => Some(*index),
            Column::Lookup { .. } => None,
        }
    }
}
