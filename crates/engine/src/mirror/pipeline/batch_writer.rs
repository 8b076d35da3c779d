//! Batches on their way into the database, each in a transaction of its own until those before are committed.

use crate::mirror::model::batch::Batch;
use crate::mirror::model::checkpoint::Checkpoint;
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::position::Position;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::checkpoint_writer::{CheckpointWriter, KeyPart, StagedBatch, stage};
use crate::mirror::pipeline::compare::Comparison;
use domain::mirror::MirrorRow;
use domain::value::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;
use storage::StorageError;
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// Rows that came from a source.
pub(crate) struct FetchedBatch {
    pub(crate) batch: Batch,
    /// Where to go on behind them.
    pub(crate) position: Option<Position>,
    /// How many rows there are, as the org says.
    pub(crate) expected: u64,
    pub(crate) at: Timestamp,
}

/// The smallest and the largest id of a batch; none of one without rows.
pub(crate) struct IdRange(Option<(String, String)>);

impl IdRange {
    /// Of some rows.
    pub(crate) fn of(rows: &[MirrorRow]) -> Self {
        let ids = || rows.iter().map(|row| row.record_id.as_str());
        Self(ids().min().zip(ids().max()).map(|(first, last)| (first.to_owned(), last.to_owned())))
    }

    /// Whether a record may be in both batches.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        let (Some((first, last)), Some((other_first, other_last))) = (&self.0, &other.0) else {
            return false;
        };
        first <= other_last && other_first <= last
    }
}

/// A batch that is being written.
pub(crate) struct PendingWrite {
    /// Whether its transaction has begun.
    has_begun: watch::Receiver<bool>,
    task: AbortOnDropHandle<Result<StagedBatch, StorageError>>,
    pub(crate) ids: IdRange,
    position: Option<Position>,
    noted: Vec<String>,
}

impl PendingWrite {
    /// Begins to compare rows with what is kept and to write them, in a task of its own.
    ///
    /// Its transaction must begin after that of the batch before it: were it the other way round, that one would wait for
    /// a lock of this one, and this one until that one is committed.
    pub(crate) fn begin(
        came: FetchedBatch,
        ids: IdRange,
        are_noted: bool,
        keys: Option<KeyPart>,
        comparison: Arc<Comparison>,
    ) -> Self {
        let FetchedBatch { batch, position, at, .. } = came;
        let noted = batch.rows.iter().filter(|_| are_noted).map(|row| row.record_id.clone()).collect();
        let (begins, has_begun) = watch::channel(false);
        let task = tokio::spawn(async move {
            let received = batch.rows.len() as u64 + batch.failed;
            let mut staged = comparison.compare(batch.rows).await?;
            (staged.tally.received, staged.tally.failed) = (received, batch.failed);
            let begun = || _ = begins.send_replace(true);
            let Comparison { database, workspace, mirror, .. } = &*comparison;
            stage(database, *workspace, mirror, staged, keys, at, begun).await
        });
        Self { has_begun, task: AbortOnDropHandle::new(task), ids, position, noted }
    }

    /// Ends when its transaction has begun, or never will: then it holds nothing, and what comes after it is not committed.
    pub(crate) fn has_begun(&self) -> impl Future<Output = ()> + use<> {
        let mut begun = self.has_begun.clone();
        async move { _ = begun.wait_for(|begun| *begun).await }
    }
}

/// A batch that is written and waits to be committed.
pub(crate) struct UncommittedBatch {
    put: StagedBatch,
    position: Option<Position>,
    noted: Vec<String>,
}

impl UncommittedBatch {
    /// Commits it with the place to go on behind it.
    pub(crate) async fn commit(
        self,
        keeping: &mut CheckpointWriter<'_>,
        stream: &Stream,
        work: &mut Checkpoint,
    ) -> Result<(), PullFailure> {
        work.position = self.position;
        let noted: Vec<&str> = self.noted.iter().map(String::as_str).collect();
        keeping.commit(stream, work, self.put, &noted).await
    }
}

/// Waits until the first of some batches is written, and takes it from them; `None` when there is none.
///
/// Safe to cancel.
pub(crate) async fn first_written(
    under_way: &mut VecDeque<PendingWrite>,
) -> Option<Result<UncommittedBatch, StorageError>> {
    let outcome = (&mut under_way.front_mut()?.task).await;
    let PendingWrite { position, noted, .. } = under_way.pop_front()?;
    let put = outcome.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    Some(put.map(|put| UncommittedBatch { put, position, noted }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::fixtures::row;
    use domain::mirror::RecordState;

    fn range(ids: &[&str]) -> IdRange {
        let rows: Vec<MirrorRow> = ids.iter().map(|id| row(id, RecordState::Present, "{}")).collect();
        IdRange::of(&rows)
    }

    #[test]
    fn batches_whose_ids_overlap_may_meet() {
        for (left, right, meet) in [
            (&["b", "a", "c"] as &[&str], &["d", "e"] as &[&str], false),
            (&["a", "d"], &["b", "c"], true),
            (&["a", "c"], &["c", "d"], true),
            (&["a", "b"], &["b"], true),
            (&["b"], &["b"], true),
            (&["b"], &["B"], false),
            (&[], &["b"], false),
            (&[], &[], false),
        ] {
            assert_eq!(range(left).may_meet(&range(right)), meet, "{left:?} {right:?}");
            assert_eq!(range(right).may_meet(&range(left)), meet, "{right:?} {left:?}");
        }
    }
}
