//! What every job has.

use std::time::Duration;

use jiff::Timestamp;

use crate::bulk::format::Format;
use crate::faults::{Hit, Kind};
use crate::org::ids::RecordId;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits for its data.
    Open,
    /// It waits to be processed.
    UploadComplete,
    /// It is being processed.
    InProgress,
    /// It has been processed, with or without failed rows.
    JobComplete,
    /// Something was wrong with the job as a whole.
    Failed,
    /// A user stopped it.
    Aborted,
}

impl State {
    const NAMES: [(State, &'static str); 6] = [
        (State::Open, "Open"),
        (State::UploadComplete, "UploadComplete"),
        (State::InProgress, "InProgress"),
        (State::JobComplete, "JobComplete"),
        (State::Failed, "Failed"),
        (State::Aborted, "Aborted"),
    ];

    /// Reads its name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        State::NAMES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        State::NAMES.iter().find(|(known, _)| *known == self).map_or("Open", |(_, name)| name)
    }

    /// Whether the state is final.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, State::JobComplete | State::Failed | State::Aborted)
    }
}

/// What every job has, whether it loads or queries.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// The job's id.
    pub(crate) id: RecordId,
    /// Who made it.
    pub(crate) user: RecordId,
    /// The object's API name.
    pub(crate) object: String,
    /// What is done, in the API's word for it.
    pub(crate) operation: &'static str,
    /// The API version it was made in.
    pub(crate) version: u32,
    /// How its rows are written.
    pub(crate) format: Format,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// When its state last changed.
    pub(crate) changed: Timestamp,
    /// How far it is.
    pub(crate) state: State,
    /// Why it failed.
    pub(crate) message: Option<String>,
    /// Rows that are done with.
    pub(crate) processed: u64,
    /// How often rows were tried again.
    pub(crate) retries: u32,
    /// The request that started it, as faults see it: a method and a path.
    pub(crate) origin: (&'static str, String),
    /// Where what it changes comes from, as change events tell it.
    pub(crate) comes_from: String,
    /// What goes wrong with it.
    pub(crate) mishap: JobFaults,
}

/// A job of either kind.
pub(crate) trait Job {
    /// What every job has.
    fn head(&self) -> &Head;
    /// What every job has, to change.
    fn head_mut(&mut self) -> &mut Head;
}

/// What goes wrong with a job as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobFaults {
    /// It pauses so long before each step, once so many rows are done.
    pause: (Duration, u64),
    /// It fails after so many rows, with this message.
    pub(crate) failure: Option<(u64, String)>,
}

impl Head {
    /// Puts the job into another state.
    pub(crate) fn enter(&mut self, state: State, now: Timestamp) {
        self.state = state;
        self.changed = now;
    }

    /// Ends the job with a reason.
    pub(crate) fn fail(&mut self, message: impl Into<String>, now: Timestamp) {
        self.message = Some(message.into());
        self.enter(State::Failed, now);
    }

    /// Milliseconds between its making and its end; nothing while it is still at work.
    pub(crate) fn milliseconds(&self) -> i64 {
        let passed = self.changed.as_millisecond() - self.created.as_millisecond();
        if self.state.is_final() { passed.max(0) } else { 0 }
    }
}

impl JobFaults {
    /// How long the job pauses before its next step.
    pub(crate) fn pause(&self, processed: u64) -> Duration {
        let (pause, after) = self.pause;
        if processed >= after { pause } else { Duration::ZERO }
    }

    /// What the faults that a job has met do to it.
    pub(crate) fn of(hits: Vec<Hit>) -> Self {
        let mut mishap = JobFaults::default();
        for Hit(kind) in hits {
            match kind {
                Kind::JobSlow { milliseconds, after_rows } => {
                    mishap.pause = (Duration::from_millis(milliseconds), after_rows);
                }
                Kind::JobFailed { after_rows, message } => mishap.failure = Some((after_rows, message)),
                _ => {}
            }
        }
        mishap
    }
}
