//! Batches on their way into the database, each in a transaction of its own until those before are committed.

use super::comparing::Comparison;
use super::failure::Failure;
use super::keeping::{Keeping, KeyPart, Put, put};
use super::source::{Batch, Position};
use super::stream::Stream;
use super::work::Work;
use domain::mirror::MirrorRow;
use domain::timestamp::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;
use storage::StorageError;
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// Rows that came from a source.
pub(super) struct Came {
    pub(super) batch: Batch,
    /// Where to go on behind them.
    pub(super) position: Option<Position>,
    /// How many rows there are, as the org says.
    pub(super) expected: u64,
    pub(super) at: Timestamp,
}

/// The smallest and the largest id of a batch; none of one without rows.
pub(super) struct Ids(Option<(String, String)>);

impl Ids {
    /// Of some rows.
    pub(super) fn of(rows: &[MirrorRow]) -> Self {
        let ids = || rows.iter().map(|row| row.record_id.as_str());
        Self(ids().min().zip(ids().max()).map(|(first, last)| (first.to_owned(), last.to_owned())))
    }

    /// Whether a record may be in both batches.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        let (Some((first, last)), Some((other_first, other_last))) = (&self.0, &other.0) else {
            return false;
        };
        first <= other_last && other_first <= last
    }
}

/// A batch that is being written.
pub(super) struct Writing {
    /// Whether its transaction has begun.
    begun: watch::Receiver<bool>,
    task: AbortOnDropHandle<Result<Put, StorageError>>,
    pub(super) ids: Ids,
    position: Option<Position>,
    noted: Vec<String>,
}

impl Writing {
    /// Begins to compare rows with what is kept and to write them, in a task of its own.
    ///
    /// Its transaction must begin after that of the batch before it: were it the other way round, that one would wait for
    /// a lock of this one, and this one until that one is committed.
    pub(super) fn begin(
        came: Came,
        ids: Ids,
        are_noted: bool,
        keys: Option<KeyPart>,
        comparison: Arc<Comparison>,
    ) -> Self {
        let Came { batch, position, at, .. } = came;
        let noted = batch.rows.iter().filter(|_| are_noted).map(|row| row.record_id.clone()).collect();
        let (begins, begun) = watch::channel(false);
        let task = tokio::spawn(async move {
            let received = batch.rows.len() as u64 + batch.failed;
            let mut staged = comparison.compare(batch.rows).await?;
            (staged.tally.received, staged.tally.failed) = (received, batch.failed);
            let begun = || _ = begins.send_replace(true);
            let Comparison { database, workspace, mirror, .. } = &*comparison;
            put(database, *workspace, mirror, staged, keys, at, begun).await
        });
        Self { begun, task: AbortOnDropHandle::new(task), ids, position, noted }
    }

    /// Ends when its transaction has begun, or never will: then it holds nothing, and what comes after it is not committed.
    pub(super) fn begun(&self) -> impl Future<Output = ()> + use<> {
        let mut begun = self.begun.clone();
        async move { _ = begun.wait_for(|begun| *begun).await }
    }
}

/// A batch that is written and waits to be committed.
pub(super) struct Written {
    put: Put,
    position: Option<Position>,
    noted: Vec<String>,
}

impl Written {
    /// Commits it with the place to go on behind it.
    pub(super) async fn commit(
        self,
        keeping: &mut Keeping<'_>,
        stream: &Stream,
        work: &mut Work,
    ) -> Result<(), Failure> {
        work.position = self.position;
        let noted: Vec<&str> = self.noted.iter().map(String::as_str).collect();
        keeping.commit(stream, work, self.put, &noted).await
    }
}

/// Waits until the first of some batches is written, and takes it from them; `None` when there is none.
///
/// Safe to cancel.
pub(super) async fn first_written(
    under_way: &mut VecDeque<Writing>,
) -> Option<Result<Written, StorageError>> {
    let outcome = (&mut under_way.front_mut()?.task).await;
    let Writing { position, noted, .. } = under_way.pop_front()?;
    let put = outcome.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    Some(put.map(|put| Written { put, position, noted }))
}
