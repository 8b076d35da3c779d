//! One business unit seen through one access token.

use std::time::Duration;

use http::header::ACCEPT;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{BusinessUnitId, EngagementError, EngagementHost, EngagementQuery};
use crate::client::{MAX_RESPONSE, TIMEOUT, read_whole};
use crate::http_client::transport_error;
use crate::{ApiUsage, Error, Record, Response, Traffic};

/// Reads one business unit with one access token of its org, which needs the scope `pardot_api`.
///
/// Cheap to clone. Like [`crate::Client`] it neither retries nor refreshes.
#[derive(Clone)]
pub struct EngagementClient {
    http: reqwest::Client,
    base_url: Url,
    access_token: SecretString,
    business_unit: BusinessUnitId,
    timeout: Duration,
    traffic: Traffic,
}

/// One page of rows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngagementPage {
    /// The rows, in the order of their ids.
    pub values: Vec<Record>,
    #[serde(default)]
    next_page_token: Option<String>,
}

impl EngagementClient {
    /// A client for one business unit. `http` should come from [`crate::http_client`].
    pub fn new(
        http: reqwest::Client,
        host: &EngagementHost,
        access_token: SecretString,
        business_unit: BusinessUnitId,
    ) -> Self {
        let base_url = host.url();
        Self { http, base_url, access_token, business_unit, timeout: TIMEOUT, traffic: Traffic::default() }
    }

    /// The same client with another bound on one whole call; 120 seconds without it.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same client, counting what it costs into `traffic`.
    pub fn with_traffic(mut self, traffic: Traffic) -> Self {
        self.traffic = traffic;
        self
    }

    /// Fetches up to 1000 rows behind an id.
    ///
    /// The usage in the answer is that of the day, of this business unit's account.
    ///
    /// # Errors
    /// [`EngagementError`]
    pub async fn query(
        &self,
        query: &EngagementQuery,
        after_id: u64,
    ) -> Result<Response<EngagementPage>, EngagementError> {
        let url = self.base_url.join(&query.path(after_id));
        let url = url.map_err(|_| Error::InvalidRequest { reason: "the address is none".to_owned() })?;
        let request = self
            .http
            .get(url)
            .timeout(self.timeout)
            .bearer_auth(self.access_token.expose_secret())
            .header(ACCEPT, "application/json")
            .header("Pardot-Business-Unit-Id", self.business_unit.to_string())
            .header("X-Return-Api-Usage", "1");
        self.traffic.call();
        let response = request.send().await.map_err(transport_error)?;
        let raw = read_whole(response, MAX_RESPONSE, &self.traffic).await?;
        if !raw.status.is_success() {
            return Err(EngagementError::from_answer(raw.status, &raw.body));
        }
        let answer = Response::from_headers(raw.json()?, &raw.headers);
        let usage = raw.headers.get("x-api-usage").and_then(|value| value.to_str().ok());
        Ok(Response { api_usage: usage.and_then(ApiUsage::from_pair), ..answer })
    }
}

impl EngagementPage {
    /// Whether the org says that there are more rows.
    pub fn has_more(&self) -> bool {
        self.next_page_token.is_some()
    }
}

impl std::fmt::Debug for EngagementClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngagementClient")
            .field("base_url", &self.base_url.as_str())
            .field("business_unit", &self.business_unit)
            .finish_non_exhaustive()
    }
}
