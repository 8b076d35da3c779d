//! Which person field stands in which column of `people_values`.

use crate::database::dialect::Dialect;
use crate::database::statements::{Session, execute, one, text, to_json};
use crate::error::StorageError;
use domain::people::PersonFieldKind;
use domain::segment::MAX_SEGMENT_FIELDS;
use domain::value::WorkspaceId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = "segment_columns";

/// The columns that are in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ValueColumns {
    /// Every person has a row.
    pub(super) has_everyone: bool,
    /// The last person whose row was filled, while it is being done; the beginning if empty.
    pub(super) filled_to: String,
    /// The columns.
    pub(super) columns: Vec<ValueColumn>,
}

/// A column in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ValueColumn {
    /// Its number, from one.
    pub(super) number: usize,
    /// The field.
    pub(super) field: String,
    /// What the field held when the column was given to it.
    pub(super) kind: PersonFieldKind,
    /// It is filled for every person.
    pub(super) is_filled: bool,
}

impl ValueColumns {
    /// Everything that is in use is filled.
    pub(super) fn is_filled(&self) -> bool {
        self.has_everyone && self.columns.iter().all(|column| column.is_filled)
    }

    /// The column of a field as it is now, if it is filled.
    pub(super) fn find(&self, field: &str, kind: PersonFieldKind) -> Option<usize> {
        let column = self.columns.iter().find(|column| column.field == field && column.kind == kind)?;
        (self.has_everyone && column.is_filled).then_some(column.number)
    }

    /// Whether all these fields can be compared.
    pub(super) fn have(&self, fields: &BTreeMap<String, PersonFieldKind>) -> bool {
        self.has_everyone && fields.iter().all(|(field, kind)| self.find(field, *kind).is_some())
    }

    /// Gives columns to fields, taking them from fields that nothing kept needs; `false` if there are not enough.
    pub(super) fn give(
        &mut self,
        wanted: &BTreeMap<String, PersonFieldKind>,
        kept: &BTreeSet<String>,
    ) -> bool {
        let before = self.columns.clone();
        self.columns.retain(|column| wanted.get(&column.field).is_none_or(|kind| *kind == column.kind));
        for (field, kind) in wanted {
            if self.columns.iter().any(|column| column.field == *field) {
                continue;
            }
            let is_spare =
                |column: &ValueColumn| !kept.contains(&column.field) && !wanted.contains_key(&column.field);
            let is_free = |number: &usize| self.columns.iter().all(|column| column.number != *number);
            let number = match (1..=MAX_SEGMENT_FIELDS).find(is_free) {
                Some(number) => number,
                None => match self.columns.iter().position(is_spare) {
                    Some(place) => self.columns.remove(place).number,
                    None => return false,
                },
            };
            self.columns.push(ValueColumn { number, field: field.clone(), kind: *kind, is_filled: false });
        }
        if self.columns != before && !self.is_filled() {
            self.filled_to.clear();
        }
        true
    }
}

/// The columns as they are; `None` while no segment was ever counted.
pub(super) async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<ValueColumns>, StorageError> {
    let sql = "SELECT body FROM segment_columns WHERE workspace_id = $1";
    one(on, sql, vec![text(workspace)]).await?.map(|row| row.json(TABLE, "body")).transpose()
}

/// The columns for someone who writes a person: nobody gives columns before the transaction ends.
pub(super) async fn held(
    on: &crate::Write,
    workspace: WorkspaceId,
) -> Result<Option<ValueColumns>, StorageError> {
    lock(on, workspace, "pg_advisory_xact_lock_shared").await?;
    find(on, workspace).await
}

/// The columns for someone who gives or fills them: nobody writes a person before the transaction ends.
pub(super) async fn held_to_change(
    on: &crate::Write,
    workspace: WorkspaceId,
) -> Result<ValueColumns, StorageError> {
    lock(on, workspace, "pg_advisory_xact_lock").await?;
    Ok(find(on, workspace).await?.unwrap_or_default())
}

/// On SQLite a write transaction is alone anyway.
async fn lock(on: &crate::Write, workspace: WorkspaceId, function: &str) -> Result<(), StorageError> {
    if on.dialect == Dialect::Postgres {
        let sql = format!("SELECT {function}(hashtextextended($1, 57))");
        execute(on, &sql, vec![text(workspace)]).await?;
    }
    Ok(())
}

/// Keeps the columns.
pub(super) async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    columns: &ValueColumns,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO segment_columns (workspace_id, is_filled, body) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id) DO UPDATE SET is_filled = excluded.is_filled, body = excluded.body";
    let values = vec![text(workspace), columns.is_filled().into(), to_json(columns)?];
    execute(on, sql, values).await.map(drop)
}
