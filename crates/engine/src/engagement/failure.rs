//! Why Account Engagement could not be asked, or a refresh brought nothing.

use crate::org::connected::OrgError;
use domain::run::RunState;
use domain::value::Step;
use salesforce::engagement::EngagementError;
use storage::StorageError;

/// Why Account Engagement could not be asked, or a refresh brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngagementFailure {
    /// There is no connection, or not any more.
    #[error("the workspace is not connected")]
    NotConnected,
    /// The lists were switched off after the run was asked for.
    #[error("the lists are switched off")]
    SwitchedOff,
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A new token could not be had.
    #[error("{0}")]
    Unavailable(String),
    /// So little of the day's requests is left that others need all of it.
    #[error("the rest of the day's requests is for others: {used} of {max} are used")]
    RequestsSpared {
        /// Requests used.
        used: u64,
        /// Requests allowed.
        max: u64,
    },
    /// A list that a rule names is not there any more.
    #[error("there is no list {name} any more")]
    ListGone {
        /// Its name when the rule was saved.
        name: String,
    },
    /// Account Engagement refuses, or could not be reached in all the tries.
    #[error(transparent)]
    Refused(#[from] EngagementError),
}

impl From<OrgError> for EngagementFailure {
    fn from(error: OrgError) -> Self {
        match error {
            OrgError::NotConnected => Self::NotConnected,
            OrgError::Unavailable(reason) => Self::Unavailable(reason),
            OrgError::Storage(error) => Self::Storage(error),
        }
    }
}

impl EngagementFailure {
    /// How a run ends by it.
    pub(crate) const fn final_state(&self) -> RunState {
        match self {
            Self::NotConnected | Self::SwitchedOff => RunState::Stopped,
            _ => RunState::Failed,
        }
    }

    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::NotConnected => Step::new("run-disconnected"),
            Self::SwitchedOff => Step::new("run-lists-off"),
            Self::Storage(_) => Step::new("run-storage"),
            Self::Unavailable(reason) => Step::new("run-org-in-trouble").with("detail", reason),
            Self::RequestsSpared { used, max } => {
                Step::new("run-engagement-spared").with("used", used).with("max", max)
            }
            Self::ListGone { name } => Step::new("run-list-gone").with("name", name),
            Self::Refused(EngagementError::DailyLimit) => Step::new("run-engagement-daily-limit"),
            Self::Refused(EngagementError::Token { .. }) => Step::new("run-engagement-scope"),
            Self::Refused(EngagementError::AccessDenied { .. }) => Step::new("run-engagement-access"),
            Self::Refused(EngagementError::BusinessUnit { .. }) => Step::new("run-engagement-unit"),
            Self::Refused(error) if error.is_transient() => {
                Step::new("run-engagement-in-trouble").with("detail", error)
            }
            Self::Refused(error) => Step::new("run-engagement-refused").with("detail", error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use salesforce::Error;

    #[test]
    fn each_failure_has_its_step_and_ends_its_run() {
        use RunState::{Failed, Stopped};
        let text = || "x".to_owned();
        let refused = |status, code| EngagementError::Refused { status, code, message: text() };
        for (failure, code, state) in [
            (OrgError::NotConnected.into(), "run-disconnected", Stopped),
            (OrgError::Unavailable(text()).into(), "run-org-in-trouble", Failed),
            (OrgError::Storage(StorageError::LeaseLost).into(), "run-storage", Failed),
            (EngagementFailure::SwitchedOff, "run-lists-off", Stopped),
            (EngagementFailure::RequestsSpared { used: 8, max: 10 }, "run-engagement-spared", Failed),
            (EngagementFailure::ListGone { name: "展示会".to_owned() }, "run-list-gone", Failed),
            (EngagementError::DailyLimit.into(), "run-engagement-daily-limit", Failed),
            (EngagementError::Token { code: 184 }.into(), "run-engagement-scope", Failed),
            (EngagementError::AccessDenied { message: text() }.into(), "run-engagement-access", Failed),
            (
                EngagementError::BusinessUnit { code: 201, message: text() }.into(),
                "run-engagement-unit",
                Failed,
            ),
            (EngagementError::Concurrency.into(), "run-engagement-in-trouble", Failed),
            (EngagementError::RatePerMinute.into(), "run-engagement-in-trouble", Failed),
            (
                EngagementError::Call(Error::NotSent { reason: text() }).into(),
                "run-engagement-in-trouble",
                Failed,
            ),
            (EngagementError::Call(Error::SessionExpired).into(), "run-engagement-refused", Failed),
            (refused(400, 9).into(), "run-engagement-refused", Failed),
            (EngagementError::OutOfOrder { after: 5 }.into(), "run-engagement-refused", Failed),
        ] {
            let failure: EngagementFailure = failure;
            assert_eq!((failure.step().code.as_str(), failure.final_state()), (code, state), "{failure:?}");
        }
        let gone = EngagementFailure::ListGone { name: "展示会".to_owned() };
        assert_eq!(gone.step(), Step::new("run-list-gone").with("name", "展示会"));
    }
}
