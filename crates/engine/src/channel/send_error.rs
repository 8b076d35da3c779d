//! Why a channel has not taken a message.

use domain::value::Step;
use storage::StorageError;

/// Characters of a response that are kept.
const MAX_KEPT: usize = 300;

/// Why a channel has not taken a message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// It answered, and not with yes.
    #[error("refused: {said}")]
    Refused {
        /// Its words.
        said: String,
        /// Trying again can't help.
        for_good: bool,
        /// The pause it asked for, in seconds.
        pause: Option<i64>,
    },
    /// There was no response, or it was truncated.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// The channel is not set up.
    #[error("not set up: {0:?}")]
    NotSetUp(Step),
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl SendError {
    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Refused { said, .. } => Step::new("channel-refused").with("said", said),
            Self::Unreachable(detail) => Step::new("channel-unreachable").with("detail", detail),
            Self::NotSetUp(step) => step.clone(),
            Self::Storage(_) => Step::new("run-storage"),
        }
    }
}

/// An answer's words on one line, not longer than people read.
pub(crate) fn excerpt(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_KEPT).collect()
}
