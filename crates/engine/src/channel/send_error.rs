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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_step() {
        let refused = SendError::Refused { said: "550 なし".to_owned(), for_good: true, pause: None };
        let not_set_up = Step::new("channel-no-webhook");
        for (error, step) in [
            (refused, Step::new("channel-refused").with("said", "550 なし")),
            (
                SendError::Unreachable("timed out".to_owned()),
                Step::new("channel-unreachable").with("detail", "timed out"),
            ),
            (SendError::NotSetUp(not_set_up.clone()), not_set_up),
            (StorageError::LeaseLost.into(), Step::new("run-storage")),
        ] {
            assert_eq!(error.step(), step);
        }
    }

    #[test]
    fn words_are_kept_on_one_line_and_cut_between_characters() {
        for (said, kept) in [
            ("550 no such\r\n  user\t", "550 no such user".to_owned()),
            (" \n", String::new()),
            ("あ".repeat(301).as_str(), "あ".repeat(300)),
        ] {
            assert_eq!(excerpt(said), kept);
        }
    }
}
