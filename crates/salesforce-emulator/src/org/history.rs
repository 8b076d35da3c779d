//! What changed when, for people who look at the org.

use jiff::Timestamp;

use crate::org::ids::RecordId;

/// The org remembers this many changes.
const KEPT: usize = 20_000;

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It was created.
    Created,
    /// Some of its fields changed.
    Updated,
    /// It was put into the recycle bin.
    Deleted,
    /// It was taken out of the recycle bin.
    Undeleted,
}

/// One field of one change.
#[derive(Clone, Debug)]
pub(crate) struct FieldChange {
    /// The API name.
    pub(crate) field: String,
    /// The value before, as text.
    pub(crate) before: String,
    /// The value after, as text.
    pub(crate) after: String,
}

/// One change of one record.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// When, in the org's time.
    pub(crate) at: Timestamp,
    /// By whom.
    pub(crate) user: RecordId,
    /// The object's API name.
    pub(crate) object: String,
    /// The record.
    pub(crate) id: RecordId,
    /// What was done.
    pub(crate) action: Action,
    /// The fields that changed.
    pub(crate) fields: Vec<FieldChange>,
}

/// The latest changes, oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    changes: Vec<Change>,
    forgotten: usize,
}

impl History {
    /// Adds a change.
    pub(crate) fn push(&mut self, change: Change) {
        if self.changes.len() >= 2 * KEPT {
            self.changes.drain(..KEPT);
            self.forgotten += KEPT;
        }
        self.changes.push(change);
    }

    /// The changes of one record, newest first.
    pub(crate) fn of(&self, id: RecordId) -> impl Iterator<Item = &Change> {
        self.changes.iter().rev().filter(move |change| change.id == id)
    }

    /// The latest changes of any record, newest first.
    pub(crate) fn latest(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().rev()
    }

    /// How many changes there have been.
    pub(crate) fn mark(&self) -> usize {
        self.forgotten + self.changes.len()
    }

    /// The changes after a mark, oldest first.
    pub(crate) fn since(&self, mark: usize) -> &[Change] {
        self.changes.get(mark.saturating_sub(self.forgotten)..).unwrap_or_default()
    }

    /// Forgets the changes after a mark.
    pub(crate) fn truncate(&mut self, mark: usize) {
        self.changes.truncate(mark.saturating_sub(self.forgotten));
    }
}
