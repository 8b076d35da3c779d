//! Asking Account Engagement: again where that may help, and no more than others can spare (C9).

use crate::engagement::failure::EngagementFailure;
use crate::engine::Engine;
use crate::org::connected::{Org, connected, renewed};
use crate::org::retry::{FailedCall, NextStep, RESERVE_PERCENT, RetryState, wait};
use domain::value::WorkspaceId;
use salesforce::engagement::{
    BusinessUnitId, EngagementClient, EngagementError, EngagementHost, EngagementQuery,
};
use salesforce::{ApiUsage, Record, Traffic};
use storage::run::runs::RunClaim;

/// One business unit and what asking it has cost.
pub(crate) struct EngagementAsking<'a> {
    engine: &'a Engine,
    workspace: WorkspaceId,
    business_unit: BusinessUnitId,
    org: Org,
    traffic: Traffic,
    /// What the business unit last told about its day; not the org's calls, which are counted apart.
    usage: Option<ApiUsage>,
    /// The run whose lease is kept up; a person's question has none, and may use the reserve.
    claim: Option<RunClaim>,
}

/// Some rows and where the next ones begin.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Record>,
    /// The highest id so far.
    pub(crate) last_id: u64,
    /// There are no more.
    pub(crate) has_ended: bool,
}

impl<'a> EngagementAsking<'a> {
    /// Begins with the stored token.
    pub(crate) async fn begin(
        engine: &'a Engine,
        workspace: WorkspaceId,
        business_unit: BusinessUnitId,
        claim: Option<RunClaim>,
    ) -> Result<Self, EngagementFailure> {
        let org = connected(engine, workspace).await?;
        let traffic = Traffic::default();
        Ok(Self { engine, workspace, business_unit, org, traffic, usage: None, claim })
    }

    /// What asking has cost so far.
    pub(crate) const fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Rows behind an id, up to a thousand.
    pub(crate) async fn page(
        &mut self,
        query: &EngagementQuery,
        after_id: u64,
    ) -> Result<Page, EngagementFailure> {
        let mut trouble = RetryState::default();
        loop {
            self.spare()?;
            let mut pages = self.client().query_pages_after(query.clone(), after_id);
            let error = match pages.next().await {
                Ok(answer) => {
                    self.usage = answer.as_ref().and_then(|answer| answer.api_usage).or(self.usage);
                    let rows = answer.map(|answer| answer.value).unwrap_or_default();
                    return Ok(Page { rows, last_id: pages.last_id(), has_ended: pages.has_ended() });
                }
                Err(error) => error,
            };
            let failed = match &error {
                EngagementError::Token { .. } => FailedCall::SessionEnded,
                EngagementError::DailyLimit => FailedCall::Final,
                EngagementError::RatePerMinute => FailedCall::MinuteUsedUp,
                error if error.is_transient() => FailedCall::MayPass,
                _ => FailedCall::Final,
            };
            match trouble.after(failed) {
                NextStep::Renew => {
                    self.org = renewed(self.engine, self.workspace, self.org.token_version).await?;
                }
                NextStep::Wait(pause) => wait(self.engine, self.claim, pause).await?,
                NextStep::GiveUp => return Err(error.into()),
            }
        }
    }

    fn client(&self) -> EngagementClient {
        let host = EngagementHost::of_instance(self.org.client.instance_url());
        let token = self.org.access_token.clone();
        EngagementClient::new(self.engine.http.clone(), &host, token, self.business_unit.clone())
            .with_timeout(self.engine.settings.request_timeout)
            .with_traffic(self.traffic.clone())
    }

    fn spare(&self) -> Result<(), EngagementFailure> {
        match self.usage {
            Some(ApiUsage { used, max })
                if self.claim.is_some() && used >= max * (100 - RESERVE_PERCENT) / 100 =>
            {
                Err(EngagementFailure::RequestsSpared { used, max })
            }
            _ => Ok(()),
        }
    }
}
