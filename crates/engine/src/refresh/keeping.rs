//! Keeping what an org told: compared with what is kept already, and staged together with how far the run is.

use super::failure::Failure;
use super::source::{Batch, Position};
use super::stream::Stream;
use super::work::{Phase, Work};
use crate::engine::Engine;
use domain::mirror::{self as rows, MirrorRow, RecordChange, Settled};
use domain::pull::Plan;
use domain::run::Receipt;
use salesforce::Traffic;
use std::collections::HashMap;
use storage::mirror::{self, Mirror};
use storage::mirror_keys::{self, GatheredKeys};
use storage::runs::{self, RunClaim};
use storage::{StorageError, Write, mirror_changes, mirror_layouts, mirror_staging, mirror_work};

/// Rows whose keys are put in with one statement, so that on SQLite a booking need not wait for long until it is
/// written.
const KEYS_AT_ONCE: u32 = 500_000;
/// Rows of which the database's planner is told when they are there; more of the same kind change nothing for it.
const MANY_ROWS: u64 = 10_000;
/// Keys that are gathered before they are put in: one megabyte of memory.
const KEYS_TOGETHER: usize = 1 << 15;

/// The half of a run that knows the database.
pub(crate) struct Keeping<'a> {
    engine: &'a Engine,
    claim: RunClaim,
    pub(crate) receipt: Receipt,
    traffic: Traffic,
    /// What earlier workers of the run had spent.
    spent: (u64, u64),
    /// What staged records of a stream are found by, and is not put in yet.
    keys: GatheredKeys,
}

/// Rows and changes on their way into the database.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    pub(crate) rows: Vec<MirrorRow>,
    pub(crate) changes: Vec<(String, RecordChange)>,
}

impl Staged {
    /// Takes in others.
    pub(crate) fn take(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.changes.extend(other.changes);
    }
}

impl<'a> Keeping<'a> {
    /// Goes on with a receipt; `traffic` counts what asking costs from now on.
    pub(crate) fn begin(engine: &'a Engine, claim: RunClaim, receipt: Receipt, traffic: Traffic) -> Self {
        let spent = (receipt.calls, receipt.bytes);
        Self { engine, claim, receipt, traffic, spent, keys: GatheredKeys::default() }
    }

    /// Notes how many records of an object the org has told of.
    pub(crate) fn expect(&mut self, object: &str, expected: u64) {
        if expected > 0 || !self.receipt.expected.contains_key(object) {
            self.receipt.expected.insert(object.to_owned(), expected);
        }
    }

    /// Compares rows with what is kept, and stages what is to be another with the place behind them.
    pub(crate) async fn keep(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        read: Option<(Batch, Option<Position>)>,
    ) -> Result<(), Failure> {
        let Some((batch, position)) = read else { return Ok(()) };
        work.position = position;
        work.failed += batch.failed;
        self.receipt.failed += batch.failed;
        let received = self.receipt.received.entry(stream.object.clone()).or_default();
        *received += batch.rows.len() as u64 + batch.failed;
        // Of records with conditions the changed ones that did not come are looked at later.
        let is_noted = matches!(work.plan, Plan::Changes { .. }) && stream.condition.is_some();
        let noted = batch.rows.iter().filter(|_| is_noted).map(|row| row.record_id.clone());
        let noted: Vec<String> = noted.collect();
        let settled = self.compare(stream, mirror, work, batch.rows).await?;
        let noted: Vec<&str> = noted.iter().map(String::as_str).collect();
        self.save(stream, mirror, work, settled, &noted).await
    }

    /// What fresh rows mean for those that are kept.
    pub(crate) async fn compare(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        fresh: Vec<MirrorRow>,
    ) -> Result<Staged, Failure> {
        let kept = self.kept(mirror, fresh.iter().map(|row| row.record_id.as_str())).await?;
        let mut staged = Staged::default();
        for row in fresh {
            let before = kept.get(&row.record_id);
            match rows::settle(before, row, &work.shown.stale) {
                Settled::Nothing => {}
                Settled::Same(row) => {
                    self.receipt.unchanged += 1;
                    if work.plan == Plan::Everything {
                        staged.rows.push(row);
                    }
                }
                Settled::Changed(row) => self.note(stream, work, &mut staged, before, row),
            }
        }
        Ok(staged)
    }

    /// Takes a row that is to be another than before.
    pub(crate) fn note(
        &mut self,
        stream: &Stream,
        work: &mut Work,
        staged: &mut Staged,
        before: Option<&MirrorRow>,
        row: MirrorRow,
    ) {
        self.receipt.changed += 1;
        let state_before = before.map(|row| row.state);
        work.count(state_before, row.state);
        if state_before != Some(row.state) && !row.state.is_kept() {
            *self.receipt.gone.entry(row.state.name().to_owned()).or_default() += 1;
        }
        if let Some(before) = before.filter(|_| stream.keeps_history) {
            let change = rows::changes(before, &row);
            staged.changes.extend(change.map(|change| (row.record_id.clone(), change)));
        }
        staged.rows.push(row);
    }

    /// The rows that are kept of these records; nobody is asked when nothing is kept yet.
    pub(crate) async fn kept(
        &self,
        mirror: &Mirror,
        ids: impl Iterator<Item = &str>,
    ) -> Result<HashMap<String, MirrorRow>, Failure> {
        if mirror.generation == mirror::NO_GENERATION {
            return Ok(HashMap::new());
        }
        let ids: Vec<&str> = ids.collect();
        Ok(mirror::find_many(&self.engine.database.read(), self.claim.workspace, mirror, &ids).await?)
    }

    /// Commits staged rows, the place to go on and the receipt together.
    pub(crate) async fn save(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        staged: Staged,
        noted: &[&str],
    ) -> Result<(), Failure> {
        work.staged |= !staged.rows.is_empty();
        self.settle_accounts();
        let (workspace, now) = (self.claim.workspace, self.engine.clock.now());
        let rows = mirror_layouts::pack(&self.engine.database, workspace, &staged.rows).await?;
        let write = self.engine.database.write().await?;
        runs::progress(&write, self.claim, &self.receipt, self.engine.lease_until()).await?;
        let before = work.records;
        let shelf = mirror_staging::shelf(&write, workspace, &stream.name, mirror.staged()).await?;
        work.records += mirror_staging::stage(&write, shelf, &rows).await?;
        if work.plan == Plan::Everything && before < MANY_ROWS && work.records >= MANY_ROWS {
            mirror::tell_planner(&write).await?;
        }
        mirror_changes::stage(&write, workspace, mirror, &staged.changes, now).await?;
        if work.plan == Plan::Everything && !work.keys_lost {
            staged.rows.iter().for_each(|row| self.keys.take(row));
            if self.keys.len() >= KEYS_TOGETHER {
                self.put_keys(&write, stream, mirror, work).await?;
            }
        }
        mirror_work::note(&write, workspace, &stream.name, noted).await?;
        mirror_work::save(&write, workspace, self.claim.run, &stream.name, work).await?;
        Ok(write.commit().await?)
    }

    /// Puts in what is left of the keys of the staged records.
    pub(crate) async fn add_keys(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        mut after: String,
    ) -> Result<(), Failure> {
        loop {
            let write = self.engine.database.write().await?;
            runs::progress(&write, self.claim, &self.receipt, self.engine.lease_until()).await?;
            let more = if work.keys_lost {
                self.gather_again(&write, stream, mirror, work, &after).await?
            } else {
                self.put_keys(&write, stream, mirror, work).await?;
                None
            };
            let is_over = more.is_none();
            after = more.unwrap_or_default();
            work.enter(if is_over { Phase::Ready } else { Phase::Keys(after.clone()) });
            mirror_work::save(&write, self.claim.workspace, self.claim.run, &stream.name, work).await?;
            write.commit().await?;
            if is_over {
                return Ok(());
            }
        }
    }

    /// Puts in the gathered keys.
    async fn put_keys(
        &mut self,
        write: &Write,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
    ) -> Result<(), StorageError> {
        let (workspace, part) = (self.claim.workspace, work.key_parts);
        work.key_parts += 1;
        mirror_keys::put(write, workspace, &stream.name, mirror.staged(), part, &mut self.keys).await
    }

    /// Puts in the keys of the rows as they are kept: some were gathered by a worker that is gone.
    async fn gather_again(
        &self,
        write: &Write,
        stream: &Stream,
        mirror: &Mirror,
        work: &Work,
        after: &str,
    ) -> Result<Option<String>, StorageError> {
        let workspace = self.claim.workspace;
        if after.is_empty() {
            mirror_keys::remove(write, workspace, &stream.name, mirror.staged()).await?;
        }
        let at_once = (work.records > u64::from(KEYS_AT_ONCE)).then_some(KEYS_AT_ONCE);
        mirror_keys::add(write, workspace, &stream.name, mirror.staged(), after, at_once).await
    }

    /// The receipt with what asking has cost until now.
    pub(crate) fn receipt_so_far(&mut self) -> Receipt {
        self.settle_accounts();
        self.receipt.clone()
    }

    /// Writes what asking has cost so far into the receipt.
    pub(crate) fn settle_accounts(&mut self) {
        self.receipt.calls = self.spent.0 + self.traffic.calls();
        self.receipt.bytes = self.spent.1 + self.traffic.bytes();
    }
}
