//! Working a job's rows off, 200 at a time, while the org goes on with everything else in between.

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;

use crate::bulk::csv::{Reader, Row};
use crate::bulk::format::Format;
use crate::bulk::ingest::header::{self, Plan};
use crate::bulk::ingest::job::{Failure, IngestJob, Rest, Success};
use crate::bulk::ingest::results::reasons;
use crate::bulk::ingest::row::Outcome;
use crate::bulk::job::{JobFaults, State};
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::org::save::{AutoAssign, SaveContext};
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Rows in one transaction.
const TRANSACTION: usize = 200;
/// Rows in one batch, the measure of the day's allowance.
const BATCH: usize = 10_000;
/// How often the locked rows of one batch are tried again.
const TRIES_A_BATCH: u32 = 10;
/// How often locked rows are tried again in all.
const TRIES: u32 = 20;

/// How far the work on a job has come.
#[derive(Debug)]
struct Work {
    id: RecordId,
    plan: Arc<Plan>,
    upload: Bytes,
    format: Format,
    user: RecordId,
    auto_assign: AutoAssign,
    origin: (&'static str, String),
    comes_from: String,
    base_path: String,
    mishap: JobFaults,
    /// Where the next unread row begins.
    at: usize,
    /// Rows of this batch that have been read.
    in_batch: usize,
    /// How often the locked rows of this batch have been tried again.
    tries: u32,
    /// Rows to be tried again now.
    again: Vec<usize>,
    /// Rows that were locked, to be tried again at the end of the batch.
    locked: Vec<usize>,
    processed: u64,
    retries: u32,
}

/// Works a job off that has all its data. Ends early when the emulator does.
pub(crate) async fn run(state: Weak<EmulatorState>, id: RecordId) {
    let begun = on_a_thread(&state, move |state| begin(state, id)).await;
    let Some(pause) = begun.flatten() else { return };
    tokio::time::sleep(pause).await;
    let Some(Some(mut work)) = on_a_thread(&state, move |state| prepare(state, id)).await else { return };
    loop {
        work = match on_a_thread(&state, move |state| work.step(state)).await {
            Some(Some(work)) => work,
            _ => return,
        };
        let pause = work.mishap.pause(work.processed);
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
}

async fn on_a_thread<T: Send + 'static>(
    state: &Weak<EmulatorState>,
    work: impl FnOnce(&EmulatorState) -> T + Send + 'static,
) -> Option<T> {
    let state = state.upgrade()?;
    tokio::task::spawn_blocking(move || work(&state)).await.ok()
}

/// Changes a job that is still being worked on; `None` when it is not.
fn while_running<T>(
    state: &EmulatorState,
    id: RecordId,
    change: impl FnOnce(&mut IngestJob) -> T,
) -> Option<T> {
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    jobs.ingest.get(id, now).filter(|job| job.is_running()).map(change)
}

/// Takes a job up and tells how long it pauses.
fn begin(state: &EmulatorState, id: RecordId) -> Option<Duration> {
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    let head = &mut jobs.ingest.get(id, now).filter(|job| job.head.state == State::UploadComplete)?.head;
    head.enter(State::InProgress, now);
    head.mishap = JobFaults::of(state.faults.meet_job(head.origin.0, &head.origin.1));
    Some(head.mishap.pause(0))
}

fn prepare(state: &EmulatorState, id: RecordId) -> Option<Work> {
    let job = while_running(state, id, |job| job.clone())?;
    let read = header::read(&state.read().schema, &job);
    let (plan, at) = match read {
        Ok(read) => read,
        Err(reason) => {
            while_running(state, id, |job| job.head.fail(reason, state.clock.now()));
            return None;
        }
    };
    while_running(state, id, |job| job.rest.at = at);
    Some(Work {
        id,
        plan: Arc::new(plan),
        upload: job.upload.unwrap_or_default(),
        format: job.head.format,
        user: job.head.user,
        auto_assign: job.assignment_rule.map_or(AutoAssign::Off, AutoAssign::Rule),
        base_path: format!("/services/data/v{}.0", job.head.version),
        origin: job.head.origin,
        comes_from: job.head.comes_from,
        mishap: job.head.mishap,
        at,
        in_batch: 0,
        tries: 0,
        again: Vec::new(),
        locked: Vec::new(),
        processed: 0,
        retries: 0,
    })
}

impl Work {
    /// One transaction; `None` when the job has come to its end.
    fn step(mut self, state: &EmulatorState) -> Option<Self> {
        if let Some(message) = self.failure_due() {
            self.end(state, |job, now| job.head.fail(message, now));
            return None;
        }
        let upload = self.upload.clone();
        let rows = match self.next_rows(state, &upload) {
            Ok(rows) if rows.is_empty() => {
                self.end(state, |job, now| job.head.enter(State::JobComplete, now));
                return None;
            }
            Ok(rows) => rows,
            Err(reason) => {
                self.end(state, |job, now| job.head.fail(reason, now));
                return None;
            }
        };
        let outcomes = self.save(state, &rows)?;
        self.note(state, &rows, outcomes)
    }

    fn failure_due(&self) -> Option<String> {
        let due = self.mishap.failure.as_ref().filter(|(after, _)| self.processed >= *after);
        due.map(|(_, message)| message.clone())
    }

    fn next_rows<'a>(&mut self, state: &EmulatorState, upload: &'a [u8]) -> Result<Vec<Row<'a>>, String> {
        if self.again.is_empty() && self.in_batch < BATCH {
            let mut reader = Reader::new(upload, self.at, self.format);
            let room = TRANSACTION.min(BATCH - self.in_batch);
            let rows: Vec<Row<'a>> = reader.by_ref().take(room).collect();
            if !rows.is_empty() {
                if self.in_batch == 0 {
                    let limits = state.read().settings.limits.clone();
                    let taken = lock(&state.jobs).quota.take_batch(&limits, state.clock.now());
                    taken.map_err(|exceeded| exceeded.to_string())?;
                }
                self.in_batch += rows.len();
                self.at = reader.position();
                return Ok(rows);
            }
        }
        if self.again.is_empty() && !self.locked.is_empty() {
            self.again = std::mem::take(&mut self.locked);
            self.again.reverse();
            self.tries += 1;
            self.retries += 1;
        }
        if self.again.is_empty() && self.in_batch >= BATCH {
            (self.in_batch, self.tries) = (0, 0);
            return self.next_rows(state, upload);
        }
        let starts = self.again.split_off(self.again.len().saturating_sub(TRANSACTION));
        let row = |start: &usize| Reader::new(upload, *start, self.format).next();
        Ok(starts.iter().rev().filter_map(row).collect())
    }

    /// Saves some rows; `None` when the job has been stopped.
    fn save(&self, state: &EmulatorState, rows: &[Row<'_>]) -> Option<Vec<Outcome>> {
        let context = SaveContext {
            user: self.user,
            auto_assign: self.auto_assign,
            allow_duplicates: false,
            duplicate_details: false,
            base_path: &self.base_path,
            row_locked: &|| state.faults.row_locked(self.origin.0, &self.origin.1),
        };
        let mut org = state.write();
        // A job of an org that has just been thrown away must not write into the next one.
        while_running(state, self.id, |_| ())?;
        let mut seen = HashSet::new();
        let save = |org: &mut Org| {
            rows.iter().map(|row| self.plan.save(org, &context, row, &mut seen)).collect::<Vec<_>>()
        };
        Some(org.coming_from(self.comes_from.clone(), |org| org.in_one_transaction(save)))
    }

    fn note(mut self, state: &EmulatorState, rows: &[Row<'_>], outcomes: Vec<Outcome>) -> Option<Self> {
        let may_retry = self.tries < TRIES_A_BATCH && self.retries < TRIES;
        let (mut successes, mut failures) = (Vec::new(), Vec::new());
        for (row, outcome) in rows.iter().zip(outcomes) {
            match (&outcome.result, outcome.id) {
                (Ok(()), Some(id)) => {
                    successes.push(Success { start: row.start, id, created: outcome.created });
                }
                (Err(_), _) if may_retry && outcome.is_locked() => self.locked.push(row.start),
                (Err(errors), id) => failures.push(Failure { start: row.start, id, error: reasons(errors) }),
                (Ok(()), None) => {}
            }
        }
        self.processed += (successes.len() + failures.len()) as u64;
        let waiting = self.again.iter().rev().chain(&self.locked).copied().collect();
        let mut jobs = lock(&state.jobs);
        // What has been saved is told even when the job was stopped meanwhile.
        let job = jobs.ingest.get(self.id, state.clock.now())?;
        Arc::make_mut(&mut job.successes).append(&mut successes);
        Arc::make_mut(&mut job.failures).append(&mut failures);
        (job.head.processed, job.head.retries) = (self.processed, self.retries);
        job.rest = Rest { at: self.at, waiting };
        job.is_running().then_some(())?;
        drop(jobs);
        Some(self)
    }

    fn end(&self, state: &EmulatorState, change: impl FnOnce(&mut IngestJob, jiff::Timestamp)) {
        let now = state.clock.now();
        while_running(state, self.id, |job| change(job, now));
    }
}
