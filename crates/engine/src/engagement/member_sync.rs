//! Refreshing who is on the lists that rules name (E3): page by page by id, resumable after any kill.
//!
//! Rows, the place to go on and the receipt are committed together; what readers see changes once, at the end.

use crate::engagement::checkpoint::{ListCheckpoint, STREAM};
use crate::engagement::client::EngagementAsking;
use crate::engagement::failure::EngagementFailure;
use crate::engagement::{lists, members};
use crate::engine::Engine;
use crate::run::finish::{count_calls, fail_run};
use domain::engagement::{EngagementList, EngagementLists};
use domain::run::{Receipt, Run, RunKind, RunState};
use salesforce::engagement::{BusinessUnitId, EngagementError};
use storage::engagement::members::{EngagementSnapshot, SnapshotList, SnapshotLists};
use storage::run::runs::RunClaim;
use storage::run::{checkpoints, runs};
use storage::workspace::settings;
use storage::workspace::settings::KnownLists;
use storage::{StorageError, engagement};

/// Works on a claimed run to its end.
///
/// # Errors
/// [`StorageError::LeaseLost`] when someone else has the run now, or any other failure of the database; the run
/// is then taken up again when its lease has run out, where it was left.
pub(crate) async fn run(engine: &Engine, claim: RunClaim, run: &Run) -> Result<(), StorageError> {
    let mut receipt = run.receipt.clone();
    match attempt(engine, claim, run, &mut receipt).await {
        Ok(()) => clear_older(engine, claim).await,
        Err(EngagementFailure::Storage(error)) => Err(error),
        Err(failure) => {
            tracing::warn!(reason = failure.step().code, "a sync brought nothing");
            clear_staged(engine, claim).await?;
            fail_run(engine, claim, run, &receipt, failure.final_state(), failure.step()).await
        }
    }
}

async fn attempt(
    engine: &Engine,
    claim: RunClaim,
    run: &Run,
    receipt: &mut Receipt,
) -> Result<(), EngagementFailure> {
    let mut refresh = MemberSync::begin(engine, claim, run).await?;
    let fetched = refresh.fetch().await;
    refresh.update_receipt();
    *receipt = refresh.receipt.clone();
    fetched?;
    refresh.publish().await
}

/// A run at work.
struct MemberSync<'a> {
    engine: &'a Engine,
    claim: RunClaim,
    asking: EngagementAsking<'a>,
    receipt: Receipt,
    /// Calls and bytes that earlier workers of the run had spent.
    spent: (u64, u64),
    /// `None` until the lists are found.
    work: Option<ListCheckpoint>,
    business_unit_id: String,
}

impl<'a> MemberSync<'a> {
    /// Goes on where an earlier worker of the run was, or begins with the settings as they are now.
    async fn begin(engine: &'a Engine, claim: RunClaim, run: &Run) -> Result<Self, EngagementFailure> {
        let read = engine.database.read();
        let kept: Vec<(String, ListCheckpoint)> =
            checkpoints::all_of(&read, claim.workspace, claim.run).await?;
        let work = kept.into_iter().map(|(_, work)| work).next();
        let business_unit_id = match &work {
            Some(work) => work.business_unit_id.clone(),
            None => settings::find::<EngagementLists>(&read, claim.workspace).await?.business_unit_id,
        };
        let unit = unit(&business_unit_id)?;
        let asking = EngagementAsking::begin(engine, claim.workspace, unit, Some(claim)).await?;
        let receipt = run.receipt.clone();
        let spent = (receipt.calls, receipt.bytes);
        Ok(Self { engine, claim, asking, receipt, spent, work, business_unit_id })
    }

    /// Stages the members of every list.
    async fn fetch(&mut self) -> Result<(), EngagementFailure> {
        let mut work = match self.work.take() {
            Some(work) => work,
            None => self.prepare().await?,
        };
        while let Some(list) = work.lists.get(work.place).cloned() {
            let page = self.asking.page(&members::query(list.id), work.after_id).await?;
            let found = members::read(&page.rows);
            *self.receipt.received.entry(list.name).or_default() += page.rows.len() as u64;
            self.receipt.failed += found.unreadable;
            work.passed(page.last_id, page.has_ended);
            self.save(&work, list.id, &found.email_keys).await?;
        }
        self.work = Some(work);
        Ok(())
    }

    /// Finds the lists by their numbers; a deleted list would look empty.
    async fn prepare(&mut self) -> Result<ListCheckpoint, EngagementFailure> {
        let workspace = self.claim.workspace;
        clear_staged(self.engine, self.claim).await?;
        let wanted = settings::find::<EngagementLists>(&self.engine.database.read(), workspace).await?;
        if !wanted.enabled {
            return Err(EngagementFailure::SwitchedOff);
        }
        let known = lists::all(&mut self.asking).await?;
        let mut lists: Vec<EngagementList> = Vec::new();
        for list in wanted.lists() {
            let found = known.iter().find(|one| one.id == list.id);
            lists.push(found.cloned().ok_or(EngagementFailure::ListGone { name: list.name })?);
        }
        self.receipt.everything = lists.iter().map(|list| list.name.clone()).collect();
        let kept = engagement::members::find(&self.engine.database.read(), workspace).await?;
        let generation = kept.map_or(0, |cache| cache.generation) + 1;
        let business_unit_id = self.business_unit_id.clone();
        let work = ListCheckpoint { business_unit_id, generation, lists, place: 0, after_id: 0 };
        self.update_receipt();
        let now = self.engine.clock.now();
        let known = KnownLists { business_unit_id: self.business_unit_id.clone(), lists: known };
        let write = self.engine.database.write().await?;
        runs::progress(&write, self.claim, &self.receipt, self.engine.lease()).await?;
        settings::save(&write, workspace, &known, now).await?;
        checkpoints::save(&write, workspace, self.claim.run, STREAM, &work).await?;
        write.commit().await?;
        Ok(work)
    }

    /// Commits members, the place to go on and the receipt together.
    async fn save(
        &mut self,
        work: &ListCheckpoint,
        list_id: u64,
        keys: &[String],
    ) -> Result<(), StorageError> {
        self.update_receipt();
        let workspace = self.claim.workspace;
        let write = self.engine.database.write().await?;
        runs::progress(&write, self.claim, &self.receipt, self.engine.lease()).await?;
        engagement::members::stage(&write, workspace, work.generation, list_id, keys).await?;
        checkpoints::save(&write, workspace, self.claim.run, STREAM, work).await?;
        write.commit().await
    }

    /// Lets what was staged be read: everything at once, in one transaction.
    async fn publish(self) -> Result<(), EngagementFailure> {
        let Some(work) = self.work else { return Ok(()) };
        let (workspace, now) = (self.claim.workspace, self.engine.clock.now());
        let read = self.engine.database.read();
        let counts = engagement::members::count(&read, workspace, work.generation).await?;
        let members = |id: u64| counts.iter().find(|(list, _)| *list == id).map_or(0, |(_, count)| *count);
        let lists = work.lists.into_iter();
        let lists =
            lists.map(|list| SnapshotList { members: members(list.id), id: list.id, name: list.name });
        let body = SnapshotLists { business_unit_id: work.business_unit_id, lists: lists.collect() };
        let cache = EngagementSnapshot { generation: work.generation, body, refreshed_at: now };
        let write = self.engine.database.write().await?;
        runs::finish(&write, self.claim, RunState::Done, &self.receipt, None, now).await?;
        engagement::members::publish(&write, workspace, &cache).await?;
        checkpoints::end(&write, workspace, STREAM).await?;
        count_calls(&write, self.claim, RunKind::EngagementLists, &self.receipt, now).await?;
        Ok(write.commit().await?)
    }

    fn update_receipt(&mut self) {
        let traffic = self.asking.traffic();
        self.receipt.calls = self.spent.0 + traffic.calls();
        self.receipt.bytes = self.spent.1 + traffic.bytes();
    }
}

fn unit(id: &str) -> Result<BusinessUnitId, EngagementFailure> {
    if id.is_empty() {
        return Err(EngagementFailure::SwitchedOff);
    }
    let wrong = |_| EngagementError::BusinessUnit { code: 0, message: id.to_owned() };
    Ok(id.parse().map_err(wrong)?)
}

/// Deletes what runs have staged and never published, while the run is ours: there is no other one at work then.
async fn clear_staged(engine: &Engine, claim: RunClaim) -> Result<(), StorageError> {
    let read = read_generation(engine, claim).await?;
    loop {
        let write = engine.database.write().await?;
        runs::renew(&write, claim, engine.lease()).await?;
        checkpoints::end(&write, claim.workspace, STREAM).await?;
        let more = engagement::members::delete_staged(&write, claim.workspace, read).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// Deletes what was read before.
async fn clear_older(engine: &Engine, claim: RunClaim) -> Result<(), StorageError> {
    let read = read_generation(engine, claim).await?;
    loop {
        let write = engine.database.write().await?;
        let more = engagement::members::delete_older(&write, claim.workspace, read).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

async fn read_generation(engine: &Engine, claim: RunClaim) -> Result<i64, StorageError> {
    let kept = engagement::members::find(&engine.database.read(), claim.workspace).await?;
    Ok(kept.map_or(0, |cache| cache.generation))
}
