//! The pull engine: brings streams of records up to date, each phase after the other, resumable after any kill.
//!
//! Rows, the place to go on and the receipt are committed together; what readers see changes once, at the end.

use crate::engine::Engine;
use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::position::Position;
use crate::mirror::model::stream::{Stream, stream_names};
use crate::mirror::pipeline::checkpoint_writer::CheckpointWriter;
use crate::mirror::pipeline::drain::{DrainError, run_pipeline};
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pipeline::source::Source;
use crate::mirror::start;
use crate::mirror::start::StartedStream;
use crate::org::client::OrgClient;
use crate::org::describe_cache::DescribeCache;
use domain::mirror::{PullPlan, covered_until};
use domain::run::{Receipt, Run, RunKind, RunTrigger};
use domain::value::WorkspaceId;
use std::collections::{BTreeMap, HashMap};
use storage::mirror::rows::Stale;
use storage::mirror::streams::Mirror;
use storage::mirror::{history, rows, streams};
use storage::run::runs::RunClaim;
use storage::run::{checkpoints, runs};

/// Times that a query is started again because its place was lost or records vanished under it.
const MAX_RESTARTS: u32 = 3;

/// A run at work.
///
/// Asking the org and keeping what it told go on at the same time, and share nothing but this.
pub(crate) struct Pull<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) claim: RunClaim,
    pub(crate) asking: OrgClient<'a>,
    /// What is known of the org's objects.
    pub(crate) known: DescribeCache,
    pub(crate) keeping: CheckpointWriter<'a>,
    pub(crate) kind: RunKind,
    /// About how many records there are of the objects that are fetched whole.
    pub(crate) likely: BTreeMap<String, u64>,
}

/// A stream whose new rows are staged.
pub(crate) struct Pulled {
    pub(crate) mirror: Mirror,
    pub(crate) work: Checkpoint,
}

impl<'a> Pull<'a> {
    /// Begins with the connection as it is now.
    pub(crate) async fn begin(engine: &'a Engine, claim: RunClaim, run: &Run) -> Result<Self, PullFailure> {
        let asking = OrgClient::begin(engine, claim.workspace, Some(claim)).await?;
        let keeping = CheckpointWriter::begin(engine, claim, run.receipt.clone(), asking.traffic().clone());
        Ok(Self {
            engine,
            claim,
            asking,
            known: DescribeCache::default(),
            keeping,
            kind: run.kind,
            likely: BTreeMap::new(),
        })
    }

    pub(crate) const fn workspace(&self) -> WorkspaceId {
        self.claim.workspace
    }

    /// Stages everything that is new of these streams.
    pub(crate) async fn pull(
        &mut self,
        origin: RunTrigger,
        streams: &[Stream],
    ) -> Result<Vec<Pulled>, PullFailure> {
        let mut pulled = Vec::new();
        let opened = self.open(origin, streams).await?;
        self.ask_likely(streams, &opened).await?;
        for (stream, mut opened) in streams.iter().zip(opened) {
            let object = &stream.object;
            if opened.work.plan == PullPlan::Full && !self.keeping.receipt.everything.contains(object) {
                self.keeping.receipt.everything.push(object.clone());
            }
            loop {
                let first = opened.first.take();
                let (mirror, work) = (&opened.mirror, &mut opened.work);
                match work.phase.clone() {
                    Phase::Rows => self.rows(stream, mirror, work, first).await?,
                    Phase::ChangedIds => self.ids(stream, mirror, work).await?,
                    Phase::HardDeletes => self.hard_deletes(stream, mirror, work).await?,
                    Phase::IdScan => self.scan_ids(stream, mirror, work).await?,
                    Phase::Missing(after) => self.missing(stream, mirror, work, after).await?,
                    Phase::Keys(after) => self.keeping.add_keys(stream, mirror, work, after).await?,
                    Phase::Ready => break,
                }
            }
            pulled.push(Pulled { mirror: opened.mirror, work: opened.work });
        }
        self.keeping.update_receipt();
        Ok(pulled)
    }

    /// Goes on where an earlier worker of the run was, or begins.
    async fn open(
        &mut self,
        origin: RunTrigger,
        streams: &[Stream],
    ) -> Result<Vec<StartedStream>, PullFailure> {
        let workspace = self.workspace();
        let read = self.engine.database.read();
        let mut kept: HashMap<String, Checkpoint> =
            checkpoints::all_of(&read, workspace, self.claim.run).await?.into_iter().collect();
        if streams.iter().all(|stream| kept.contains_key(&stream.name)) {
            let mut opened = Vec::new();
            for stream in streams {
                let Some(mut work) = kept.remove(&stream.name) else { continue };
                work.resume();
                let mirror = streams::find(&read, workspace, &stream.name).await?;
                opened.push(StartedStream { mirror, work, first: None });
            }
            return Ok(opened);
        }
        // Those that are not read by this run as well: nothing of them is chosen any more.
        for name in stream_names(self.kind) {
            clear(self.engine, self.claim, &self.keeping.receipt, name).await?;
        }
        let (asking, known) = (&mut self.asking, &mut self.known);
        let opened = start::start(self.engine, workspace, asking, known, streams, origin).await?;
        self.keeping.receipt.covered_until = opened.iter().filter_map(|one| one.work.covered_until).min();
        let left_out = streams.iter().zip(&opened).flat_map(|(stream, one)| {
            one.work.shown.stale.iter().map(move |path| format!("{}.{path}", stream.object))
        });
        self.keeping.receipt.skipped_fields = left_out.collect();
        self.keeping.update_receipt();
        let write = self.engine.database.write().await?;
        runs::progress(&write, self.claim, &self.keeping.receipt, self.engine.lease()).await?;
        for (stream, one) in streams.iter().zip(&opened) {
            checkpoints::save(&write, workspace, self.claim.run, &stream.name, &one.work).await?;
        }
        write.commit().await?;
        Ok(opened)
    }

    /// Brings a stream's records.
    async fn rows(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        mut first: Option<Source>,
    ) -> Result<(), PullFailure> {
        let deltas = matches!(work.plan, PullPlan::Incremental { .. });
        let all_rows = deltas && stream.condition.is_none();
        let reader = Reader::of_rows(stream, &work.shown, all_rows);
        let soql = match work.plan {
            PullPlan::Full => stream.select(reader.columns().paths()).build()?,
            PullPlan::Incremental { since } => start::changes_query(stream, &work.shown, since)?,
        };
        let mut beginnings = 0;
        loop {
            let source = match first.take() {
                Some(source) => source,
                None => {
                    let likely = self.likely.get(&stream.object).copied();
                    self.source(work, &soql, all_rows, &reader, likely.filter(|_| beginnings == 0)).await?
                }
            };
            let parts = (&mut self.asking, &mut self.keeping, &self.engine.clock);
            match run_pipeline(parts, (stream, mirror), work, source, &reader).await {
                Ok(()) => break,
                Err(DrainError::Restart(error)) if beginnings < MAX_RESTARTS => {
                    tracing::info!(%error, "a query is started again");
                    beginnings += 1;
                    (work.position, work.failed) = (None, 0);
                }
                Err(DrainError::Restart(error)) => return Err(error.into()),
                Err(DrainError::Failed(failure)) => return Err(failure),
            }
        }
        work.enter(match work.plan {
            PullPlan::Full => Phase::Missing(String::new()),
            PullPlan::Incremental { .. } if stream.condition.is_some() => Phase::ChangedIds,
            PullPlan::Incremental { .. } if work.sweep => Phase::IdScan,
            PullPlan::Incremental { .. } => Phase::HardDeletes,
        });
        Ok(())
    }

    /// The source of a phase: where it was left, or from its beginning.
    pub(crate) async fn source(
        &mut self,
        work: &mut Checkpoint,
        soql: &str,
        all_rows: bool,
        reader: &Reader,
        likely: Option<u64>,
    ) -> Result<Source, PullFailure> {
        if let Some(position) = work.position.clone() {
            return Ok(Source::resume(&self.asking, position, all_rows, reader));
        }
        let (source, org_now) = Source::begin(&mut self.asking, soql, all_rows, likely).await?;
        if work.org_now.is_none() {
            work.org_now = org_now;
            work.covered_until = org_now.map(|now| covered_until(now, None));
            self.keeping.receipt.covered_until = self.keeping.receipt.covered_until.or(work.covered_until);
        }
        Ok(source)
    }

    /// Whether a phase has come to its end before it was taken up again.
    pub(crate) const fn is_over(work: &Checkpoint) -> bool {
        matches!(work.position, Some(Position::Over))
    }
}

/// Deletes what runs have staged of a stream and never published, and what was read before.
///
/// # Errors
/// [`storage::StorageError::LeaseLost`] when the run is no longer ours: then what is staged may be someone else's.
pub(crate) async fn clear(
    engine: &Engine,
    claim: RunClaim,
    receipt: &Receipt,
    stream: &str,
) -> Result<(), storage::StorageError> {
    let workspace = claim.workspace;
    let read = streams::find(&engine.database.read(), workspace, stream).await?.generation;
    loop {
        let write = engine.database.write().await?;
        runs::progress(&write, claim, receipt, engine.lease()).await?;
        checkpoints::end(&write, workspace, stream).await?;
        history::discard(&write, workspace, stream, read).await?;
        let more = rows::delete_stale(&write, workspace, stream, read, Stale::Staged).await?;
        write.commit().await?;
        if !more {
            // A worker that was killed right after it had published has left them.
            return forget_older(engine, workspace, stream, read).await;
        }
    }
}

/// Deletes the generations of a stream that were read before; the next run may be staging another meanwhile.
pub(crate) async fn forget_older(
    engine: &Engine,
    workspace: WorkspaceId,
    stream: &str,
    read: i64,
) -> Result<(), storage::StorageError> {
    loop {
        let write = engine.database.write().await?;
        let more = rows::delete_stale(&write, workspace, stream, read, Stale::Older).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}
