//! Stores fetched rows together with the run's checkpoint and receipt.

use crate::engine::Engine;
use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::compare;
use crate::mirror::pipeline::compare::{BatchStats, Comparison, Staged};
use domain::mirror::MirrorRow;
use domain::mirror::PullPlan;
use domain::run::Receipt;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::Traffic;
use std::collections::HashMap;
use std::mem;
use storage::mirror::lookup_index::KeyBuffer;
use storage::mirror::streams::Mirror;
use storage::mirror::{history, lookup_index, row_layouts, rows, seen_ids, staging};
use storage::run::runs::RunClaim;
use storage::run::{checkpoints, runs};
use storage::{Database, StorageError, Write};

/// Rows of which the database's planner is told when they are there; more of the same kind change nothing for it.
const MANY_ROWS: u64 = 10_000;
/// Keys that are gathered before they are put in: one megabyte of memory.
const KEY_BATCH: usize = 1 << 15;

/// The half of a run that knows the database.
pub(crate) struct CheckpointWriter<'a> {
    engine: &'a Engine,
    claim: RunClaim,
    pub(crate) receipt: Receipt,
    traffic: Traffic,
    /// What earlier workers of the run had spent.
    spent: (u64, u64),
    /// What staged records of a stream are found by, and is not put in yet.
    keys: KeyBuffer,
}

/// Rows that are in the database, in a transaction that is not committed yet.
pub(crate) struct StagedBatch {
    write: Write,
    /// Records that are new in their generation.
    new: u64,
    staged: Staged,
}

/// Gathered keys that are put in together.
pub(crate) struct KeyPart {
    number: u32,
    keys: KeyBuffer,
}

/// Writes rows and changes, and the keys of rows before them, in a transaction of its own.
///
/// As soon as it has `begun`, another one may begin that is committed after it, and that writes none of its records:
/// from then on this one waits for nothing that the other holds.
pub(crate) async fn stage(
    database: &Database,
    workspace: WorkspaceId,
    mirror: &Mirror,
    staged: Staged,
    keys: Option<KeyPart>,
    now: Timestamp,
    begun: impl FnOnce(),
) -> Result<StagedBatch, StorageError> {
    let rows = row_layouts::encode(database, workspace, &staged.rows).await?;
    let write = database.write().await?;
    let partition = staging::partition(&write, workspace, &mirror.stream, mirror.staged()).await?;
    begun();
    let new = staging::stage(&write, partition, &rows).await?;
    drop(rows);
    history::stage(&write, workspace, mirror, &staged.changes, now).await?;
    if let Some(keys) = keys {
        flush_keys(&write, workspace, mirror, keys).await?;
    }
    Ok(StagedBatch { write, new, staged })
}

async fn flush_keys(
    write: &Write,
    workspace: WorkspaceId,
    mirror: &Mirror,
    part: KeyPart,
) -> Result<(), StorageError> {
    let KeyPart { number, mut keys } = part;
    lookup_index::flush(write, workspace, &mirror.stream, mirror.staged(), number, &mut keys).await
}

impl<'a> CheckpointWriter<'a> {
    /// Goes on with a receipt; `traffic` counts what asking costs from now on.
    pub(crate) fn begin(engine: &'a Engine, claim: RunClaim, receipt: Receipt, traffic: Traffic) -> Self {
        let spent = (receipt.calls, receipt.bytes);
        Self { engine, claim, receipt, traffic, spent, keys: KeyBuffer::default() }
    }

    /// Notes how many records of an object the org has told of.
    pub(crate) fn expect(&mut self, object: &str, expected: u64) {
        if expected > 0 || !self.receipt.expected.contains_key(object) {
            self.receipt.expected.insert(object.to_owned(), expected);
        }
    }

    /// The rows that are kept of these records.
    pub(crate) async fn stored_rows(
        &self,
        mirror: &Mirror,
        ids: impl Iterator<Item = &str>,
    ) -> Result<HashMap<String, MirrorRow>, PullFailure> {
        Ok(compare::stored_rows(&self.engine.database, self.claim.workspace, mirror, ids).await?)
    }

    /// Where fresh rows of a stream are compared.
    pub(crate) fn comparison(&self, stream: &Stream, mirror: &Mirror, work: &Checkpoint) -> Comparison {
        Comparison::new(&self.engine.database, self.claim.workspace, stream, mirror, work)
    }

    /// Commits staged rows, the place to go on and the receipt together.
    pub(crate) async fn save(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        staged: Staged,
        noted: &[&str],
    ) -> Result<(), PullFailure> {
        let (database, now) = (&self.engine.database, self.engine.clock.now());
        let keys = self.collect_keys(work, &staged.rows);
        let put = stage(database, self.claim.workspace, mirror, staged, keys, now, || ()).await?;
        self.commit(stream, work, put, noted).await
    }

    /// Commits rows that are in the database already, with the place to go on behind them and the receipt.
    pub(crate) async fn commit(
        &mut self,
        stream: &Stream,
        work: &mut Checkpoint,
        stage: StagedBatch,
        noted: &[&str],
    ) -> Result<(), PullFailure> {
        let StagedBatch { write, new, staged } = stage;
        self.add_to_receipt(stream, work, staged.tally);
        work.staged |= !staged.rows.is_empty();
        let before = work.records;
        work.records += new;
        runs::progress(&write, self.claim, &self.receipt, self.engine.lease()).await?;
        if work.plan == PullPlan::Full && before < MANY_ROWS && work.records >= MANY_ROWS {
            rows::analyze(&write).await?;
        }
        let workspace = self.claim.workspace;
        seen_ids::mark(&write, workspace, &stream.name, noted).await?;
        checkpoints::save(&write, workspace, self.claim.run, &stream.name, work).await?;
        Ok(write.commit().await?)
    }

    /// Gathers what rows are found by that are about to be written; all that was gathered, when it is enough to be put
    /// in. Whoever gets it commits it with these rows.
    pub(crate) fn collect_keys(&mut self, work: &mut Checkpoint, rows: &[MirrorRow]) -> Option<KeyPart> {
        if work.plan != PullPlan::Full || work.keys_lost {
            return None;
        }
        rows.iter().for_each(|row| self.keys.add(row));
        (self.keys.len() >= KEY_BATCH).then(|| self.key_part(work))
    }

    fn key_part(&mut self, work: &mut Checkpoint) -> KeyPart {
        let number = work.key_parts;
        work.key_parts += 1;
        KeyPart { number, keys: mem::take(&mut self.keys) }
    }

    /// Enters rows into the accounts.
    fn add_to_receipt(&mut self, stream: &Stream, work: &mut Checkpoint, tally: BatchStats) {
        work.failed += tally.failed;
        work.kept_more += tally.kept_more;
        let receipt = &mut self.receipt;
        *receipt.received.entry(stream.object.clone()).or_default() += tally.received;
        receipt.failed += tally.failed;
        receipt.unchanged += tally.unchanged;
        receipt.changed += tally.changed;
        for (state, count) in tally.gone {
            *receipt.gone.entry(state.to_owned()).or_default() += count;
        }
        self.update_receipt();
    }

    /// Puts in what is left of the keys of the staged records.
    pub(crate) async fn add_keys(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        mut after: String,
    ) -> Result<(), PullFailure> {
        loop {
            let write = self.engine.database.write().await?;
            runs::progress(&write, self.claim, &self.receipt, self.engine.lease()).await?;
            let more =
                if work.keys_lost { self.collect_keys_again(&write, mirror, &after).await? } else { None };
            flush_keys(&write, self.claim.workspace, mirror, self.key_part(work)).await?;
            let is_over = more.is_none();
            after = more.unwrap_or_default();
            work.enter(if is_over { Phase::Ready } else { Phase::Keys(after.clone()) });
            checkpoints::save(&write, self.claim.workspace, self.claim.run, &stream.name, work).await?;
            write.commit().await?;
            if is_over {
                return Ok(());
            }
        }
    }

    /// Gathers the keys of some rows as they are kept: some were gathered by a worker that is gone.
    async fn collect_keys_again(
        &mut self,
        write: &Write,
        mirror: &Mirror,
        after: &str,
    ) -> Result<Option<String>, StorageError> {
        let (workspace, stream, staged) = (self.claim.workspace, &mirror.stream, mirror.staged());
        if after.is_empty() {
            lookup_index::remove(write, workspace, stream, staged).await?;
        }
        let keys = &mut self.keys;
        lookup_index::collect(write, workspace, stream, staged, after, KEY_BATCH, keys).await
    }

    /// The receipt with what asking has cost until now.
    pub(crate) fn receipt_so_far(&mut self) -> Receipt {
        self.update_receipt();
        self.receipt.clone()
    }

    /// Writes what asking has cost so far into the receipt.
    pub(crate) fn update_receipt(&mut self) {
        self.receipt.calls = self.spent.0 + self.traffic.calls();
        self.receipt.bytes = self.spent.1 + self.traffic.bytes();
    }
}
