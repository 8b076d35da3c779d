//! What fresh rows mean for those that are kept.

use crate::mirror::model::checkpoint::Checkpoint;
use crate::mirror::model::stream::Stream;
use domain::mirror::{MirrorRow, RecordChange, RecordState, RowChange};
use domain::mirror::{PullPlan, changes, detect_change};
use domain::value::WorkspaceId;
use std::collections::{BTreeMap, HashMap};
use storage::mirror::streams::Mirror;
use storage::{Database, StorageError, mirror};

/// Rows and changes on their way into the database.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    pub(crate) rows: Vec<MirrorRow>,
    pub(crate) changes: Vec<(String, RecordChange)>,
    pub(crate) tally: BatchStats,
}

/// What rows add to the receipt and to how far the run is, as soon as they are committed.
#[derive(Debug, Default)]
pub(crate) struct BatchStats {
    /// Rows that came, with those that could not be read.
    pub(crate) received: u64,
    /// Rows that could not be read.
    pub(crate) failed: u64,
    /// Rows that said what was known.
    pub(crate) unchanged: u64,
    /// Rows that are new or other than before.
    pub(crate) changed: u64,
    /// Rows among them that do not count as kept any more, by state.
    pub(crate) gone: BTreeMap<&'static str, u64>,
    /// Records that count as kept, more or fewer than before.
    pub(crate) kept_more: i64,
}

impl Staged {
    /// Takes in others.
    pub(crate) fn take(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.changes.extend(other.changes);
        self.tally.take(other.tally);
    }

    /// Takes a row that is to be another than before.
    pub(crate) fn note(&mut self, stream: &Stream, before: Option<&MirrorRow>, row: MirrorRow) {
        let kept = |state: Option<RecordState>| i64::from(state.is_some_and(RecordState::is_stored));
        let state_before = before.map(|row| row.state);
        self.tally.changed += 1;
        self.tally.kept_more += kept(Some(row.state)) - kept(state_before);
        if state_before != Some(row.state) && !row.state.is_stored() {
            *self.tally.gone.entry(row.state.name()).or_default() += 1;
        }
        if let Some(before) = before.filter(|_| stream.keeps_history) {
            let change = changes(before, &row);
            self.changes.extend(change.map(|change| (row.record_id.clone(), change)));
        }
        self.rows.push(row);
    }
}

impl BatchStats {
    fn take(&mut self, other: Self) {
        self.received += other.received;
        self.failed += other.failed;
        self.unchanged += other.unchanged;
        self.changed += other.changed;
        self.kept_more += other.kept_more;
        for (state, count) in other.gone {
            *self.gone.entry(state).or_default() += count;
        }
    }
}

/// Where fresh rows of a stream are compared with those that are kept; owns what it needs, so that a task can hold it.
pub(crate) struct Comparison {
    pub(crate) database: Database,
    pub(crate) workspace: WorkspaceId,
    pub(crate) stream: Stream,
    pub(crate) mirror: Mirror,
    /// Paths that can't be fetched any more; what was known of them stays.
    stale: Vec<String>,
    /// All rows are staged, and not only those that are other than before.
    everything: bool,
}

impl Comparison {
    /// Of a stream, for a run that is so far with it.
    pub(crate) fn new(
        database: &Database,
        workspace: WorkspaceId,
        stream: &Stream,
        mirror: &Mirror,
        work: &Checkpoint,
    ) -> Self {
        Self {
            database: database.clone(),
            workspace,
            stream: stream.clone(),
            mirror: mirror.clone(),
            stale: work.shown.stale.clone(),
            everything: work.plan == PullPlan::Full,
        }
    }

    /// What fresh rows mean for those that are kept.
    pub(crate) async fn compare(&self, fresh: Vec<MirrorRow>) -> Result<Staged, StorageError> {
        let ids = fresh.iter().map(|row| row.record_id.as_str());
        let kept = stored_rows(&self.database, self.workspace, &self.mirror, ids).await?;
        let mut staged = Staged::default();
        for row in fresh {
            let before = kept.get(&row.record_id);
            match detect_change(before, row, &self.stale) {
                RowChange::Nothing => {}
                RowChange::Same(row) => {
                    staged.tally.unchanged += 1;
                    if self.everything {
                        staged.rows.push(row);
                    }
                }
                RowChange::Changed(row) => staged.note(&self.stream, before, row),
            }
        }
        Ok(staged)
    }
}

/// The stored rows of these records; skips the query if none are stored yet.
pub(crate) async fn stored_rows(
    database: &Database,
    workspace: WorkspaceId,
    mirror: &Mirror,
    ids: impl Iterator<Item = &str>,
) -> Result<HashMap<String, MirrorRow>, StorageError> {
    if mirror.generation == mirror::streams::NO_GENERATION {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = ids.collect();
    mirror::rows::find_many(&database.read(), workspace, mirror, &ids).await
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
