//! Reading a source to its end: while some rows are read, those before are written, and those before them committed.

use crate::mirror::model::checkpoint::Checkpoint;
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::source_error::SourceError;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::batch_writer::{FetchedBatch, IdRange, PendingWrite, first_written};
use crate::mirror::pipeline::checkpoint_writer::CheckpointWriter;
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pipeline::source::Source;
use crate::org::client::OrgClient;
use domain::mirror::PullPlan;
use std::collections::VecDeque;
use std::sync::Arc;
use storage::Clock;
use storage::mirror::streams::Mirror;
use tokio::sync::mpsc;

/// Batches that are written at the same time or wait for their turn to be committed: PostgreSQL has a process for each.
/// Only one of them waits to begin, so that on SQLite, where one writes at a time, they are two.
const MAX_CONCURRENT_BATCHES: usize = 3;

/// Why a source was not read to its end.
pub(crate) enum DrainError {
    /// It has to be started again.
    Restart(SourceError),
    /// It came to nothing.
    Failed(PullFailure),
}

/// Reads a source to its end and stores all of its rows.
///
/// `asking` reads while `keeping` writes; they share nothing.
pub(crate) async fn run_pipeline(
    (asking, keeping, clock): (&mut OrgClient<'_>, &mut CheckpointWriter<'_>, &Clock),
    (stream, mirror): (&Stream, &Mirror),
    work: &mut Checkpoint,
    source: Source,
    reader: &Reader,
) -> Result<(), DrainError> {
    keeping.expect(&stream.object, source.expected);
    let (sender, receiver) = mpsc::channel(1);
    let (read, kept) = tokio::join!(
        read_all(asking, source, reader, clock, sender),
        store_all(keeping, stream, mirror, work, receiver)
    );
    kept.map_err(DrainError::Failed)?;
    let expected = read.map_err(|error: SourceError| match error {
        error if error.needs_restart() => DrainError::Restart(error),
        error => DrainError::Failed(error.into()),
    })?;
    keeping.expect(&stream.object, expected);
    if work.plan == PullPlan::Full {
        verify_count(stream, work, expected).map_err(DrainError::Failed)?;
    }
    Ok(())
}

/// The records that are there are counted, not the rows that came: a record on two pages is one record.
fn verify_count(stream: &Stream, work: &Checkpoint, expected: u64) -> Result<(), PullFailure> {
    let received = work.records + work.failed;
    // A source that was over when it was taken up again tells no number: it was proven before.
    if received == expected || expected == 0 {
        return Ok(());
    }
    Err(PullFailure::Incomplete { object: stream.object.clone(), expected, received })
}

/// Sends batches until the stream ends or the receiver is dropped; returns the number of rows that the org reports.
async fn read_all(
    asking: &mut OrgClient<'_>,
    mut source: Source,
    reader: &Reader,
    clock: &Clock,
    sender: mpsc::Sender<FetchedBatch>,
) -> Result<u64, SourceError> {
    // Rows are read when there is room for them, and not before: they take memory.
    while let Ok(room) = sender.reserve().await {
        let at = clock.now();
        let Some(batch) = source.next(asking, reader, at).await? else { break };
        room.send(FetchedBatch { batch, position: source.position(), expected: source.expected, at });
    }
    Ok(source.expected)
}

/// Keeps what comes, in the order in which it comes.
async fn store_all(
    keeping: &mut CheckpointWriter<'_>,
    stream: &Stream,
    mirror: &Mirror,
    work: &mut Checkpoint,
    mut coming: mpsc::Receiver<FetchedBatch>,
) -> Result<(), PullFailure> {
    let comparison = Arc::new(keeping.comparison(stream, mirror, work));
    // Of records with conditions the changed ones that did not come are looked at later.
    let are_noted = matches!(work.plan, PullPlan::Incremental { .. }) && stream.condition.is_some();
    let mut under_way = VecDeque::with_capacity(MAX_CONCURRENT_BATCHES);
    let mut are_more = true;
    while are_more || !under_way.is_empty() {
        let last_has_begun = under_way.back().map(PendingWrite::has_begun);
        tokio::select! {
            // What has come is begun before what is written is committed, so that something is always being written.
            biased;
            came = next(&mut coming, last_has_begun), if are_more && under_way.len() < MAX_CONCURRENT_BATCHES => {
                let Some(came) = came else {
                    are_more = false;
                    continue;
                };
                keeping.expect(&stream.object, came.expected);
                let ids = IdRange::of(&came.batch.rows);
                // A write to a record waits for an uncommitted write to the same record.
                if under_way.iter().any(|before: &PendingWrite| before.ids.may_meet(&ids)) {
                    while let Some(written) = first_written(&mut under_way).await {
                        written?.commit(keeping, stream, work).await?;
                    }
                }
                let keys = keeping.collect_keys(work, &came.batch.rows);
                let writing = PendingWrite::begin(came, ids, are_noted, keys, Arc::clone(&comparison));
                under_way.push_back(writing);
            }
            Some(written) = first_written(&mut under_way) => {
                written?.commit(keeping, stream, work).await?;
            }
        }
    }
    Ok(())
}

/// The next batch, once the write of the batch before it has started; safe to cancel.
async fn next(
    coming: &mut mpsc::Receiver<FetchedBatch>,
    last_has_begun: Option<impl Future<Output = ()>>,
) -> Option<FetchedBatch> {
    if let Some(last_has_begun) = last_has_begun {
        last_has_begun.await;
    }
    coming.recv().await
}
