//! One job that loads records, and what became of its rows.

use std::sync::Arc;

use bytes::Bytes;

use crate::bulk::job::{Head, Job, State};
use crate::org::ids::RecordId;

/// What is done with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Each row becomes a record.
    Insert,
    /// Each row changes the record with its id.
    Update,
    /// Each row changes the record with its key, or becomes one.
    Upsert,
    /// Records go to the recycle bin.
    Delete,
    /// Records go for good.
    HardDelete,
}

impl Operation {
    const NAMES: [(Operation, &'static str); 5] = [
        (Operation::Insert, "insert"),
        (Operation::Update, "update"),
        (Operation::Upsert, "upsert"),
        (Operation::Delete, "delete"),
        (Operation::HardDelete, "hardDelete"),
    ];

    /// Reads its name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Operation::NAMES.iter().find(|(_, known)| *known == name).map(|(operation, _)| *operation)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        Operation::NAMES.iter().find(|(known, _)| *known == self).map_or("insert", |(_, name)| name)
    }

    /// Whether it takes records away.
    pub(crate) fn deletes(self) -> bool {
        matches!(self, Operation::Delete | Operation::HardDelete)
    }
}

/// A row that did what it should.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Success {
    /// Where it begins in the upload.
    pub(super) start: usize,
    /// Its record.
    pub(super) id: RecordId,
    /// Whether the record is new.
    pub(super) created: bool,
}

/// A row that was refused.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Where it begins in the upload.
    pub(super) start: usize,
    /// Its record, as far as there was one.
    pub(super) id: Option<RecordId>,
    /// Why, in the words of the result file.
    pub(super) error: String,
}

/// The unprocessed rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rest {
    /// Where the first unread row begins.
    pub(super) at: usize,
    /// Where rows begin that are to be tried again.
    pub(super) waiting: Vec<usize>,
}

/// One job that loads records; a copy shares what can be large.
#[derive(Clone, Debug)]
pub(crate) struct IngestJob {
    /// What every job has.
    pub(crate) head: Head,
    /// What is done with the rows.
    pub(crate) operation: Operation,
    /// The key of an upsert.
    pub(crate) external_id: Option<String>,
    /// The assignment rule that chooses owners.
    pub(crate) assignment_rule: Option<RecordId>,
    /// The table, once it has been uploaded.
    pub(crate) upload: Option<Bytes>,
    /// Rows that did what they should.
    pub(super) successes: Arc<Vec<Success>>,
    /// Rows that were refused.
    pub(super) failures: Arc<Vec<Failure>>,
    /// Unprocessed rows.
    pub(super) rest: Rest,
}

impl IngestJob {
    /// A job that waits for its data.
    pub(crate) fn new(head: Head, operation: Operation) -> Self {
        IngestJob {
            head,
            operation,
            external_id: None,
            assignment_rule: None,
            upload: None,
            successes: Arc::default(),
            failures: Arc::default(),
            rest: Rest::default(),
        }
    }

    /// How many rows were refused.
    pub(crate) fn failed(&self) -> usize {
        self.failures.len()
    }

    /// Whether its rows may still be worked on.
    pub(super) fn is_running(&self) -> bool {
        self.head.state == State::InProgress
    }
}

impl Job for IngestJob {
    fn head(&self) -> &Head {
        &self.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}
