//! Asking an org for data: again where that may help, and no more than the rest of the org can spare.

use crate::engine::Engine;
use crate::org::connected::{Org, OrgError, connected, renewed};
use crate::org::retry::{FailedCall, NextStep, RESERVE_PERCENT, RetryState, wait};
use crate::org::send_guard::SendGuard;
use domain::value::{Step, WorkspaceId};
use salesforce::{ApiUsage, Client, Error, Limit, Response, Traffic};
use std::time::Duration;
use storage::StorageError;
use storage::run::runs::RunClaim;

/// One org and what asking it has cost.
pub(crate) struct OrgClient<'a> {
    engine: &'a Engine,
    workspace: WorkspaceId,
    org: Org,
    traffic: Traffic,
    /// What the org last told about its day.
    api_usage: Option<ApiUsage>,
    /// The run whose lease is kept up; a person's question has none.
    claim: Option<RunClaim>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrgCallError {
    /// There is no connection any more.
    #[error("the workspace is not connected")]
    NotConnected,
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// So little of the day's calls is left that bookings need all of it.
    #[error("the rest of the day's calls is for bookings: {used} of {max} are used")]
    BudgetReserved {
        /// Calls used.
        used: u64,
        /// Calls allowed.
        max: u64,
    },
    /// The org refuses, or could not be reached in all the tries.
    #[error(transparent)]
    Org(#[from] Error),
}

impl OrgCallError {
    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::NotConnected => Step::new("run-disconnected"),
            Self::Storage(_) => Step::new("run-storage"),
            Self::BudgetReserved { used, max } => {
                Step::new("run-calls-spared").with("used", used).with("max", max)
            }
            Self::Org(Error::LimitReached { limit: Limit::Daily }) => Step::new("run-daily-limit"),
            Self::Org(error) if is_retryable(error) => Step::new("run-org-in-trouble").with("detail", error),
            Self::Org(error) => Step::new("run-org-refused").with("detail", error),
        }
    }
}

impl From<OrgError> for OrgCallError {
    fn from(error: OrgError) -> Self {
        match error {
            OrgError::NotConnected => Self::NotConnected,
            OrgError::Unavailable(reason) => Self::Org(Error::NotSent { reason }),
            OrgError::Storage(error) => Self::Storage(error),
        }
    }
}

impl<'a> OrgClient<'a> {
    /// Begins with the stored token.
    pub(crate) async fn begin(
        engine: &'a Engine,
        workspace: WorkspaceId,
        claim: Option<RunClaim>,
    ) -> Result<Self, OrgCallError> {
        let org = connected(engine, workspace).await?;
        Ok(Self { engine, workspace, org, traffic: Traffic::default(), api_usage: None, claim })
    }

    /// A client with the token that is good now.
    pub(crate) fn client(&self) -> Client {
        self.org.client.clone().with_traffic(self.traffic.clone())
    }

    /// A client for a write, which nothing leaves after the right to write has ended.
    pub(crate) async fn guarded(&self, guard: &SendGuard<'_>) -> Result<Client, OrgCallError> {
        self.check_budget()?;
        Ok(guard.client(&self.org).await?.with_traffic(self.traffic.clone()))
    }

    /// What asking has cost so far.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// The connected user's id.
    pub(crate) fn user_id(&self) -> &str {
        &self.org.connection.user_id
    }

    /// Calls that bookings and the rest of the org can spare today, as far as the org has told (C9).
    pub(crate) fn remaining_budget(&self) -> Option<u64> {
        self.api_usage.map(|usage| (usage.max * (100 - RESERVE_PERCENT) / 100).saturating_sub(usage.used))
    }

    /// The refusal of more calls than can be spared.
    pub(crate) fn budget_error(&self) -> OrgCallError {
        let ApiUsage { used, max } = self.api_usage.unwrap_or(ApiUsage { used: 0, max: 0 });
        OrgCallError::BudgetReserved { used, max }
    }

    /// How long a pause may be so that the run's lease outlives it.
    pub(crate) fn longest_pause(&self) -> Duration {
        self.engine.settings.request_timeout
    }

    /// Takes note of an answer that came without [`Asking::ask`].
    pub(crate) fn note<T>(&mut self, answer: &Response<T>) {
        self.api_usage = answer.api_usage.or(self.api_usage);
    }

    /// Makes one call that only reads.
    pub(crate) async fn call<T, F>(&mut self, call: impl Fn(Client) -> F) -> Result<Response<T>, OrgCallError>
    where
        F: Future<Output = Result<Response<T>, Error>>,
    {
        let mut trouble = RetryState::default();
        loop {
            self.check_budget()?;
            match call(self.client()).await {
                Ok(answer) => {
                    self.note(&answer);
                    return Ok(answer);
                }
                Err(error) => self.recover_or_fail(error, &mut trouble).await?,
            }
        }
    }

    /// Does what may help after a failed call: a new token, a pause. The error, where nothing does.
    pub(crate) async fn recover_or_fail(
        &mut self,
        error: Error,
        trouble: &mut RetryState,
    ) -> Result<(), OrgCallError> {
        let failed = match &error {
            Error::SessionExpired => FailedCall::SessionEnded,
            Error::LimitReached { limit: Limit::Daily } => FailedCall::Final,
            error if is_retryable(error) => FailedCall::MayPass,
            _ => FailedCall::Final,
        };
        match trouble.after(failed) {
            NextStep::Renew => {
                self.org = renewed(self.engine, self.workspace, self.org.token_version).await?;
                Ok(())
            }
            NextStep::Wait(pause) => Ok(wait(self.engine, self.claim, pause).await?),
            NextStep::GiveUp => Err(error.into()),
        }
    }

    fn check_budget(&self) -> Result<(), OrgCallError> {
        if self.remaining_budget() == Some(0) { Err(self.budget_error()) } else { Ok(()) }
    }
}

/// An answer that was cut off on its way can be asked for again as well: these calls only read.
fn is_retryable(error: &Error) -> bool {
    error.is_transient() || matches!(error, Error::Unreadable { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn org_that_cannot_be_had_has_its_step() {
        let step = |code: &str| Step::new(code);
        let unreached = Error::NotSent { reason: "混雑".to_owned() };
        for (error, expected) in [
            (OrgError::NotConnected, step("run-disconnected")),
            (OrgError::Unavailable("混雑".to_owned()), step("run-org-in-trouble").with("detail", unreached)),
            (OrgError::Storage(StorageError::LeaseLost), step("run-storage")),
        ] {
            assert_eq!(OrgCallError::from(error).step(), expected);
        }
        let spared = OrgCallError::BudgetReserved { used: 8, max: 10 }.step();
        assert_eq!(spared, step("run-calls-spared").with("used", 8).with("max", 10));
    }

    #[test]
    fn call_is_repeated_where_time_or_another_answer_helps() {
        let text = || "x".to_owned();
        for (error, repeated) in [
            (Error::NotSent { reason: text() }, true),
            (Error::Unknown { reason: text() }, true),
            (Error::LimitReached { limit: Limit::Rate }, true),
            (Error::Unreadable { status: 200, reason: text() }, true),
            (Error::TooLong { status: 200, largest: 1 }, false),
            (Error::InvalidRequest { reason: text() }, false),
            (Error::SessionExpired, false),
            (Error::Refused { status: 400, errors: Vec::new() }, false),
        ] {
            assert_eq!(is_retryable(&error), repeated, "{error}");
        }
    }
}
