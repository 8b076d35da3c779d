//! Every job of the org.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::bulk::ingest::IngestJob;
use crate::bulk::job::{Head, Job, State};
use crate::bulk::query::QueryJob;
use crate::bulk::quota::Quota;
use crate::org::ids::RecordId;

/// Seconds a job and its results are kept.
const KEPT: i64 = 7 * 86_400;
/// Seconds a job waits for its data. That it is aborted then, and not failed, is a guess.
const OPEN: i64 = 86_400;
/// Jobs on one page of a list.
const PAGE: usize = 1_000;

/// The jobs of one kind.
#[derive(Debug)]
pub(crate) struct JobStore<T>(BTreeMap<RecordId, T>);

/// Every job of the org, and the used part of the daily quota.
///
/// The lock order: first the org, then the jobs.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    /// Jobs that load records.
    pub(crate) ingest: JobStore<IngestJob>,
    /// Jobs that answer queries.
    pub(crate) query: JobStore<QueryJob>,
    /// What is used up.
    pub(crate) quota: Quota,
    made: u64,
}

impl Jobs {
    /// The id of the next job.
    pub(crate) fn next_id(&mut self) -> RecordId {
        self.made += 1;
        RecordId::numbered("750", self.made)
    }
}

impl<T> Default for JobStore<T> {
    fn default() -> Self {
        JobStore(BTreeMap::new())
    }
}

impl<T: Job> JobStore<T> {
    /// Stores a new job, and removes those that are too old.
    pub(crate) fn add(&mut self, job: T) {
        let now = job.head().created;
        self.0.retain(|_, job| job.head().age(now) <= KEPT);
        self.0.insert(job.head().id, job);
    }

    /// A job that is not too old.
    pub(crate) fn get(&mut self, id: RecordId, now: Timestamp) -> Option<&mut T> {
        let job = self.0.get_mut(&id).filter(|job| job.head().age(now) <= KEPT)?;
        job.head_mut().expire(now);
        Some(job)
    }

    /// Removes a job.
    pub(crate) fn remove(&mut self, id: RecordId) {
        self.0.remove(&id);
    }

    /// One page of the jobs, oldest first, and where the next page begins.
    pub(crate) fn page(&mut self, from: usize, now: Timestamp) -> (Vec<&T>, Option<usize>) {
        self.0.retain(|_, job| job.head().age(now) <= KEPT);
        self.0.values_mut().for_each(|job| job.head_mut().expire(now));
        let end = from.saturating_add(PAGE);
        let jobs = self.0.values().skip(from).take(PAGE).collect();
        (jobs, (end < self.0.len()).then_some(end))
    }
}

impl Head {
    fn age(&self, now: Timestamp) -> i64 {
        now.as_second() - self.created.as_second()
    }

    /// Stops a job that has waited too long for its data.
    fn expire(&mut self, now: Timestamp) {
        if self.state == State::Open && self.age(now) > OPEN {
            self.enter(State::Aborted, now);
        }
    }
}
