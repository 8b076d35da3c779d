//! The pull engine: brings streams of records up to date, each phase after the other, resumable after any kill.
//!
//! Rows, the place to go on and the receipt are committed together; what readers see changes once, at the end.

use super::asking::Asking;
use super::descriptions::Known;
use super::failure::Failure;
use super::opening::{self, Opened};
use super::reader::Reader;
use super::source::{Batch, Position, Source};
use super::stream::Stream;
use super::work::{Phase, Work};
use crate::engine::Engine;
use domain::id::WorkspaceId;
use domain::mirror::{self as rows, MirrorRow, RecordChange, Settled};
use domain::pull::Plan;
use domain::run::{Receipt, Run, RunKind, RunOrigin};
use std::collections::HashMap;
use storage::mirror::{self, Mirror};
use storage::runs::{self, RunClaim};
use storage::{mirror_changes, mirror_work};

/// Times that a query is begun anew because its place was lost or records vanished under it.
const BEGINNINGS: u32 = 3;

/// A run at work.
pub(crate) struct Pull<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) claim: RunClaim,
    pub(crate) receipt: Receipt,
    pub(crate) asking: Asking<'a>,
    /// What is known of the org's objects.
    pub(crate) known: Known,
    /// What earlier workers of the run had spent.
    spent: (u64, u64),
    kind: RunKind,
}

/// A stream whose new rows are staged.
pub(crate) struct Pulled {
    pub(crate) mirror: Mirror,
    pub(crate) work: Work,
}

impl<'a> Pull<'a> {
    /// Begins with the connection as it is now.
    pub(crate) async fn begin(engine: &'a Engine, claim: RunClaim, run: &Run) -> Result<Self, Failure> {
        let asking = Asking::begin(engine, claim.workspace).await?;
        let receipt = run.receipt.clone();
        let spent = (receipt.calls, receipt.bytes);
        Ok(Self { engine, claim, receipt, asking, known: Known::default(), spent, kind: run.kind })
    }

    pub(crate) const fn workspace(&self) -> WorkspaceId {
        self.claim.workspace
    }

    /// What its calls are counted under (C9).
    pub(crate) const fn feature(&self) -> &'static str {
        self.kind.name()
    }

    /// Stages everything that is new of these streams.
    pub(crate) async fn pull(
        &mut self,
        origin: RunOrigin,
        streams: &[Stream],
    ) -> Result<Vec<Pulled>, Failure> {
        let mut pulled = Vec::new();
        for (stream, mut opened) in streams.iter().zip(self.open(origin, streams).await?) {
            let object = &stream.object;
            if opened.work.plan == Plan::Everything && !self.receipt.everything.contains(object) {
                self.receipt.everything.push(object.clone());
            }
            loop {
                let first = opened.first.take();
                let (mirror, work) = (&opened.mirror, &mut opened.work);
                match work.phase.clone() {
                    Phase::Rows => self.rows(stream, mirror, work, first).await?,
                    Phase::Ids => self.ids(stream, mirror, work).await?,
                    Phase::Sweep => self.sweep(stream, mirror, work).await?,
                    Phase::Missing(after) => self.missing(stream, mirror, work, after).await?,
                    Phase::Ready => break,
                }
            }
            pulled.push(Pulled { mirror: opened.mirror, work: opened.work });
        }
        self.settle_accounts();
        Ok(pulled)
    }

    /// Goes on where an earlier worker of the run was, or begins.
    async fn open(&mut self, origin: RunOrigin, streams: &[Stream]) -> Result<Vec<Opened>, Failure> {
        let workspace = self.workspace();
        let read = self.engine.database.read();
        let mut kept: HashMap<String, Work> =
            mirror_work::all_of(&read, workspace, self.claim.run).await?.into_iter().collect();
        if streams.iter().all(|stream| kept.contains_key(&stream.name)) {
            let mut opened = Vec::new();
            for stream in streams {
                let Some(work) = kept.remove(&stream.name) else { continue };
                let mirror = mirror::find(&read, workspace, &stream.name).await?;
                opened.push(Opened { mirror, work, first: None });
            }
            return Ok(opened);
        }
        self.clear(streams).await?;
        let (asking, known) = (&mut self.asking, &mut self.known);
        let opened = opening::open(self.engine, workspace, asking, known, streams, origin).await?;
        self.receipt.covered_until = opened.iter().filter_map(|one| one.work.covered_until).min();
        let left_out = streams.iter().zip(&opened).flat_map(|(stream, one)| {
            one.work.shown.stale.iter().map(move |path| format!("{}.{path}", stream.object))
        });
        self.receipt.left_out = left_out.collect();
        self.settle_accounts();
        let write = self.engine.database.write().await?;
        runs::progress(&write, self.claim, &self.receipt, self.engine.lease_until()).await?;
        for (stream, one) in streams.iter().zip(&opened) {
            mirror_work::save(&write, workspace, self.claim.run, &stream.name, &one.work).await?;
        }
        write.commit().await?;
        Ok(opened)
    }

    /// Deletes what a run left that came to nothing.
    pub(crate) async fn clear(&self, streams: &[Stream]) -> Result<(), Failure> {
        for stream in streams {
            clear(self.engine, self.workspace(), &stream.name).await?;
        }
        Ok(())
    }

    /// Brings a stream's records.
    async fn rows(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        mut first: Option<Source>,
    ) -> Result<(), Failure> {
        let deltas = matches!(work.plan, Plan::Changes { .. });
        let all_rows = deltas && stream.condition.is_none();
        let reader = Reader::of_rows(stream, &work.shown, all_rows);
        let soql = match work.plan {
            Plan::Everything => stream.select(reader.columns().paths()).build()?,
            Plan::Changes { since } => opening::changes_query(stream, &work.shown, since)?,
        };
        let mut beginnings = 0;
        loop {
            let source = match first.take() {
                Some(source) => source,
                None => self.source(work, &soql, all_rows, &reader).await?,
            };
            match self.drain(stream, mirror, work, source, &reader).await {
                Ok(()) => break,
                Err(DrainError::Lost(error)) if beginnings < BEGINNINGS => {
                    tracing::info!(%error, "a query is begun anew");
                    beginnings += 1;
                    (work.position, work.failed) = (None, 0);
                }
                Err(DrainError::Lost(error)) => return Err(error.into()),
                Err(DrainError::Failed(failure)) => return Err(failure),
            }
        }
        work.enter(match work.plan {
            Plan::Everything => Phase::Missing(String::new()),
            Plan::Changes { .. } if stream.condition.is_some() => Phase::Ids,
            Plan::Changes { .. } if work.sweep => Phase::Sweep,
            Plan::Changes { .. } => Phase::Ready,
        });
        Ok(())
    }

    /// The source of a phase: where it was left, or from its beginning.
    pub(crate) async fn source(
        &mut self,
        work: &mut Work,
        soql: &str,
        all_rows: bool,
        reader: &Reader,
    ) -> Result<Source, Failure> {
        if let Some(position) = work.position.clone() {
            return Ok(Source::resume(&self.asking, position, all_rows, reader));
        }
        let (source, org_now) = Source::begin(&mut self.asking, soql, all_rows).await?;
        if work.org_now.is_none() {
            work.org_now = org_now;
            work.covered_until = org_now.map(|now| now.plus_seconds(-domain::pull::LAG_SECONDS));
            self.receipt.covered_until = self.receipt.covered_until.or(work.covered_until);
        }
        Ok(source)
    }

    async fn drain(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        mut source: Source,
        reader: &Reader,
    ) -> Result<(), DrainError> {
        let object = &stream.object;
        loop {
            if source.expected > 0 || !self.receipt.expected.contains_key(object) {
                self.receipt.expected.insert(object.clone(), source.expected);
            }
            let now = self.engine.clock.now();
            let batch = match source.next(&mut self.asking, reader, now).await {
                Ok(Some(batch)) => batch,
                Ok(None) => break,
                Err(error) if error.is_mended_by_beginning_anew() => return Err(DrainError::Lost(error)),
                Err(error) => return Err(DrainError::Failed(error.into())),
            };
            work.position = source.position();
            work.failed += batch.failed;
            self.keep(stream, mirror, work, batch).await?;
        }
        if work.plan == Plan::Everything {
            self.prove(stream, mirror, work, source.expected).await?;
        }
        Ok(())
    }

    /// The rows that are there are counted, not those that came: a record on two pages is one record.
    async fn prove(
        &self,
        stream: &Stream,
        mirror: &Mirror,
        work: &Work,
        expected: u64,
    ) -> Result<(), Failure> {
        let read = self.engine.database.read();
        let there = mirror::count(&read, self.workspace(), &stream.name, mirror.staged()).await?;
        let received = u64::try_from(there).unwrap_or(0) + work.failed;
        // A source that was over when it was taken up again tells no number: it was proven before.
        if received == expected || expected == 0 {
            return Ok(());
        }
        Err(Failure::Incomplete { object: stream.object.clone(), expected, received })
    }

    /// Compares a batch with what is kept, and stages what is to be another.
    async fn keep(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        batch: Batch,
    ) -> Result<(), Failure> {
        let received = self.receipt.received.entry(stream.object.clone()).or_default();
        *received += batch.rows.len() as u64 + batch.failed;
        self.receipt.failed += batch.failed;
        let ids: Vec<String> = batch.rows.iter().map(|row| row.record_id.clone()).collect();
        let settled = self.compare(stream, mirror, work, batch.rows).await?;
        let deltas = matches!(work.plan, Plan::Changes { .. });
        let noted: Vec<&str> = ids.iter().map(String::as_str).collect();
        let noted = if deltas && stream.condition.is_some() { noted.as_slice() } else { &[] };
        self.save(stream, mirror, work, settled, noted).await
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
        Ok(mirror::find_many(&self.engine.database.read(), self.workspace(), mirror, &ids).await?)
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
        let (workspace, now) = (self.workspace(), self.engine.clock.now());
        let write = self.engine.database.write().await?;
        runs::progress(&write, self.claim, &self.receipt, self.engine.lease_until()).await?;
        mirror::stage(&write, workspace, &stream.name, mirror.staged(), &staged.rows).await?;
        mirror_changes::stage(&write, workspace, mirror, &staged.changes, now).await?;
        mirror_work::note(&write, workspace, &stream.name, noted).await?;
        mirror_work::save(&write, workspace, self.claim.run, &stream.name, work).await?;
        Ok(write.commit().await?)
    }

    /// The receipt with what asking has cost until now.
    pub(crate) fn receipt_so_far(&mut self) -> Receipt {
        self.settle_accounts();
        self.receipt.clone()
    }

    fn settle_accounts(&mut self) {
        let traffic = self.asking.traffic();
        self.receipt.calls = self.spent.0 + traffic.calls();
        self.receipt.bytes = self.spent.1 + traffic.bytes();
    }

    /// Whether a phase has come to its end before it was taken up again.
    pub(crate) const fn is_over(work: &Work) -> bool {
        matches!(work.position, Some(Position::Over))
    }
}

/// Rows and changes on their way into the database.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    pub(crate) rows: Vec<MirrorRow>,
    pub(crate) changes: Vec<(String, RecordChange)>,
}

/// Why a source was not read to its end.
enum DrainError {
    /// It has to be begun anew.
    Lost(super::source::SourceError),
    Failed(Failure),
}

impl From<Failure> for DrainError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Deletes what runs have staged of a stream and never published.
pub(crate) async fn clear(
    engine: &Engine,
    workspace: WorkspaceId,
    stream: &str,
) -> Result<(), storage::StorageError> {
    let read = mirror::find(&engine.database.read(), workspace, stream).await?.generation;
    loop {
        let write = engine.database.write().await?;
        mirror_work::end(&write, workspace, stream).await?;
        mirror_changes::discard(&write, workspace, stream, read).await?;
        let more = mirror::sweep(&write, workspace, stream, read).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}
