//! One row: what it asks of the org, and what becomes of it.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};

use crate::bulk::csv::{Fault, Row};
use crate::bulk::ingest::cell;
use crate::bulk::ingest::header::{Column, Plan};
use crate::bulk::ingest::job::Operation;
use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::save::{SaveContext, UpsertKey, Upserted};
use crate::org::store::Org;

/// The code of a row that cannot be read. That such a row has one of its own is a guess.
const UNREADABLE: &str = "CLIENT_INPUT_ERROR";

/// What became of a row.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Its record, as far as there is one.
    pub(super) id: Option<RecordId>,
    /// Whether the record is new.
    pub(super) created: bool,
    /// Whether the row did what it should.
    pub(super) result: SaveResult<()>,
}

impl Outcome {
    fn refused(id: Option<RecordId>, errors: impl Into<Vec<SaveError>>) -> Self {
        Outcome { id, created: false, result: Err(errors.into()) }
    }

    fn of(id: RecordId, result: SaveResult<()>) -> Self {
        Outcome { id: Some(id), created: false, result }
    }

    /// Whether another try may help, because another user held a lock.
    pub(super) fn is_locked(&self) -> bool {
        let locked = |errors: &Vec<SaveError>| errors.iter().any(|error| error.code == "UNABLE_TO_LOCK_ROW");
        self.result.as_ref().err().is_some_and(locked)
    }
}

impl Plan {
    /// Does what a row asks for; `seen` holds the ids that this transaction has met.
    pub(super) fn save(
        &self,
        org: &mut Org,
        context: &SaveContext<'_>,
        row: &Row<'_>,
        seen: &mut HashSet<RecordId>,
    ) -> Outcome {
        if let Some(error) = self.unreadable(row) {
            return Outcome::refused(None, error);
        }
        let value = |column: Option<usize>| column.map_or("", |column| row.values[column].as_ref());
        match self.operation {
            Operation::Insert if !value(self.id).is_empty() => {
                let message = "cannot specify Id in an insert call";
                Outcome::refused(None, SaveError::on("Id", "INVALID_FIELD_FOR_INSERT_UPDATE", message))
            }
            Operation::Insert => self.insert(org, context, row),
            Operation::Upsert => self.upsert(org, context, row, value(self.key_column)),
            Operation::Update | Operation::Delete | Operation::HardDelete => {
                self.by_id(org, context, row, value(self.id), seen)
            }
        }
    }

    fn unreadable(&self, row: &Row<'_>) -> Option<SaveError> {
        let reason = match row.fault {
            Some(Fault::StrayQuote) => "A double quote is not where it may be",
            Some(Fault::OpenQuote) => "A double quote is never closed",
            Some(Fault::NotUtf8) => "The row is not UTF-8",
            Some(Fault::TooManyValues) => "The row has more than 5000 fields",
            Some(Fault::TooLong) => "The row has more than 400000 characters",
            Some(Fault::ValueTooLong) => "A field has more than 131072 characters",
            None if row.values.len() != self.columns.len() => {
                let (found, expected) = (row.values.len(), self.columns.len());
                return Some(SaveError::new(
                    UNREADABLE,
                    format!("The row has {found} fields, the header {expected}"),
                ));
            }
            None => return None,
        };
        Some(SaveError::new(UNREADABLE, reason))
    }

    fn insert(&self, org: &mut Org, context: &SaveContext<'_>, row: &Row<'_>) -> Outcome {
        let made = self.input(row, None).and_then(|input| org.create(context, &self.object, &input));
        match made {
            Ok(id) => Outcome { id: Some(id), created: true, result: Ok(()) },
            Err(errors) => Outcome::refused(None, errors),
        }
    }

    fn by_id(
        &self,
        org: &mut Org,
        context: &SaveContext<'_>,
        row: &Row<'_>,
        text: &str,
        seen: &mut HashSet<RecordId>,
    ) -> Outcome {
        let id = match self.object.own_id(text) {
            Ok(id) => id,
            Err(error) => return Outcome::refused(RecordId::parse(text), error),
        };
        if !seen.insert(id) {
            let message = format!("duplicate id specified: {id}");
            return Outcome::refused(Some(id), SaveError::on("Id", "DUPLICATE_VALUE", message));
        }
        let done = match self.operation {
            Operation::Delete => org.delete(context, &self.object, id),
            Operation::HardDelete => org.hard_delete(context, &self.object, id),
            Operation::Insert | Operation::Update | Operation::Upsert => {
                self.input(row, self.id).and_then(|input| org.update(context, &self.object, id, &input))
            }
        };
        Outcome::of(id, done)
    }

    fn upsert(&self, org: &mut Org, context: &SaveContext<'_>, row: &Row<'_>, text: &str) -> Outcome {
        let field = self.key.as_deref().unwrap_or("Id");
        let given = if text.is_empty() { Json::Null } else { json!(text) };
        let key = match UpsertKey::new(&self.object, field, &given) {
            Some(Ok(key)) => key,
            Some(Err(errors)) => return Outcome::refused(None, errors),
            None => return Outcome::refused(None, SaveError::new("INVALID_FIELD", "no such key")),
        };
        if text.is_empty() && !key.is_id(&self.object) {
            return Outcome::refused(
                None,
                SaveError::new("MISSING_ARGUMENT", format!("{field} not specified")),
            );
        }
        let done = self
            .input(row, self.key_column)
            .and_then(|input| org.upsert(context, &self.object, &key, &input, false));
        match done {
            Ok(Upserted::Created(id)) => Outcome { id: Some(id), created: true, result: Ok(()) },
            Ok(Upserted::Updated(id)) => Outcome::of(id, Ok(())),
            Ok(Upserted::Ambiguous(ids)) => Outcome::refused(None, SaveError::ambiguous(field, &ids)),
            Err(errors) => {
                let found = org.with_key(&self.object, &key);
                Outcome::refused(found.first().copied(), errors)
            }
        }
    }

    /// The values that a row gives, except the one that only tells which record is meant.
    fn input(&self, row: &Row<'_>, except: Option<usize>) -> SaveResult<Map<String, Json>> {
        let (mut input, mut problems) = (Map::new(), Vec::new());
        for (place, (column, text)) in self.columns.iter().zip(&row.values).enumerate() {
            if Some(place) == except {
                continue;
            }
            match self.cell(column, text) {
                Some(Ok((name, value))) => drop(input.insert(name, value)),
                Some(Err(problem)) => problems.push(problem),
                None => {}
            }
        }
        if problems.is_empty() { Ok(input) } else { Err(problems) }
    }

    fn cell(&self, column: &Column, text: &str) -> Option<Result<(String, Json), SaveError>> {
        let (name, field) = match column {
            Column::Field(index) => {
                let field = &self.object.fields()[*index];
                (&field.name, field)
            }
            Column::Lookup { relationship, target, key } => (relationship, &target.fields()[*key]),
        };
        let read = cell::read(field, text)?;
        Some(read.map(|value| match column {
            Column::Lookup { target, .. } if !value.is_null() => {
                let nested = json!({"attributes": {"type": target.name}, field.name.as_str(): value});
                (name.clone(), nested)
            }
            Column::Field(_) | Column::Lookup { .. } => (name.clone(), value),
        }))
    }
}
