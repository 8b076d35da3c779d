//! Asking an org for data: again where that may help, and no more than the rest of the org can spare.

use crate::engine::Engine;
use crate::org::{Org, OrgError, connected, renewed};
use domain::explanation::Step;
use domain::id::WorkspaceId;
use salesforce::{Answer, ApiUsage, Client, Error, Limit};
use std::time::Duration;
use storage::StorageError;

/// Tokens in a row that are renewed before the org's refusal is believed.
const RENEWALS: u32 = 2;
/// Tries of one call while the org or the network is in trouble that passes by itself.
const TRIES: u32 = 6;
/// The pause after the first try; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Percent of the day's calls that are left to bookings and to the rest of the org (C9).
const RESERVE_PERCENT: u64 = 20;

/// One org and what asking it has cost.
pub(crate) struct Asking<'a> {
    engine: &'a Engine,
    workspace: WorkspaceId,
    org: Org,
    /// Calls so far.
    pub(crate) calls: u64,
    /// What the org last told about its day.
    pub(crate) api_usage: Option<ApiUsage>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// There is no connection any more.
    #[error("the workspace is not connected")]
    NotConnected,
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// So little of the day's calls is left that bookings need all of it.
    #[error("the rest of the day's calls is for bookings: {used} of {max} are used")]
    CallsSpared {
        /// Calls used.
        used: u64,
        /// Calls allowed.
        max: u64,
    },
    /// The org refuses, or could not be reached in all the tries.
    #[error(transparent)]
    Org(#[from] Error),
}

impl AskError {
    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::NotConnected => Step::new("run-disconnected"),
            Self::Storage(_) => Step::new("run-storage"),
            Self::CallsSpared { used, max } => {
                Step::new("run-calls-spared").with("used", used).with("max", max)
            }
            Self::Org(Error::LimitReached { limit: Limit::Daily }) => Step::new("run-daily-limit"),
            Self::Org(error) => Step::new("run-org-refused").with("detail", error),
        }
    }
}

impl From<OrgError> for AskError {
    fn from(error: OrgError) -> Self {
        match error {
            OrgError::NotConnected => Self::NotConnected,
            OrgError::Unavailable(reason) => Self::Org(Error::NotSent { reason }),
            OrgError::Storage(error) => Self::Storage(error),
        }
    }
}

impl<'a> Asking<'a> {
    /// Begins with the stored token.
    pub(crate) async fn begin(engine: &'a Engine, workspace: WorkspaceId) -> Result<Self, AskError> {
        let org = connected(engine, workspace).await?;
        Ok(Self { engine, workspace, org, calls: 0, api_usage: None })
    }

    /// Makes one call that only reads.
    pub(crate) async fn ask<T, F>(&mut self, call: impl Fn(Client) -> F) -> Result<T, AskError>
    where
        F: Future<Output = Result<Answer<T>, Error>>,
    {
        let (mut renewals, mut tries) = (0, 0);
        loop {
            self.spare()?;
            self.calls += 1;
            match call(self.org.client.clone()).await {
                Ok(answer) => {
                    self.api_usage = answer.api_usage.or(self.api_usage);
                    return Ok(answer.value);
                }
                Err(Error::SessionExpired) if renewals < RENEWALS => {
                    renewals += 1;
                    self.org = renewed(self.engine, self.workspace, self.org.token_version).await?;
                }
                Err(error) => {
                    tries += 1;
                    let daily = matches!(error, Error::LimitReached { limit: Limit::Daily });
                    if daily || !error.is_transient() || tries >= TRIES {
                        return Err(error.into());
                    }
                    tokio::time::sleep(FIRST_PAUSE * (1 << (tries - 1))).await;
                }
            }
        }
    }

    fn spare(&self) -> Result<(), AskError> {
        match self.api_usage {
            Some(ApiUsage { used, max }) if used * 100 > max * (100 - RESERVE_PERCENT) => {
                Err(AskError::CallsSpared { used, max })
            }
            _ => Ok(()),
        }
    }
}
