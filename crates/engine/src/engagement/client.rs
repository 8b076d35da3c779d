//! Asking Account Engagement: again where that may help, and no more than others can spare (C9).

use crate::engagement::failure::EngagementFailure;
use crate::engine::Engine;
use crate::org::connected::{Org, connected, renewed};
use crate::org::retry::{RENEWALS, RESERVE_PERCENT, TRIES, pause_after, wait};
use domain::value::WorkspaceId;
use salesforce::engagement::{
    BusinessUnitId, EngagementClient, EngagementError, EngagementHost, EngagementQuery,
};
use salesforce::{ApiUsage, Record, Traffic};
use std::time::Duration;
use storage::run::runs::RunClaim;

/// The pause when the minute's requests are used up; six of them outlast the minute.
const RATE_PAUSE: Duration = Duration::from_secs(12);

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
        let (mut renewals, mut tries) = (0, 0);
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
            if matches!(error, EngagementError::Token { .. }) && renewals < RENEWALS {
                renewals += 1;
                self.org = renewed(self.engine, self.workspace, self.org.token_version).await?;
                continue;
            }
            tries += 1;
            if error == EngagementError::DailyLimit || !error.is_transient() || tries >= TRIES {
                return Err(error.into());
            }
            let pause = match error {
                EngagementError::RatePerMinute => RATE_PAUSE,
                _ => pause_after(tries),
            };
            wait(self.engine, self.claim, pause).await?;
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
