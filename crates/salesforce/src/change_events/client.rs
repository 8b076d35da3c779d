//! The Pub/Sub API seen through one access token.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Request, Status};
use url::Url;

use crate::SalesforceId;
use crate::change_events::endpoint::PubSubEndpoint;
use crate::change_events::error::ChangeEventsError;
use crate::change_events::eventbus::SchemaRequest;
use crate::change_events::eventbus::pub_sub_client::PubSubClient;
use crate::change_events::schema::{AvroType, header_type};
use crate::change_events::schemas::Schemas;

/// The topic of the changes of every object that the org's admin has selected.
pub const ALL_CHANGES: &str = "/data/ChangeEvents";

/// How long connecting and single calls may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often the connection is asked whether it is still there: nothing else notices one that is half open.
const PING_INTERVAL: Duration = Duration::from_secs(30);
/// How long the answer may take.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest silence of a subscription: the org gives a sign of life every minute.
const LONGEST_SILENCE: Duration = Duration::from_secs(150);

/// Subscribes to the changes in one org with one access token.
///
/// Cheap to clone. Like [`crate::Client`] it neither retries nor refreshes. A subscription outlives its token; every
/// new call needs a good one.
#[derive(Clone)]
pub struct ChangeEventsClient {
    channel: Channel,
    instance_url: MetadataValue<Ascii>,
    organization: MetadataValue<Ascii>,
    access_token: MetadataValue<Ascii>,
    longest_silence: Duration,
    schemas: Schemas,
}

impl ChangeEventsClient {
    /// A client for the org at `instance_url`, as the token answer named it. Connects at the first call.
    ///
    /// Must be called within a runtime of tokio.
    ///
    /// # Errors
    /// [`ChangeEventsError::InvalidRequest`] if the address or the token cannot be used, or no certificate is trusted.
    pub fn new(
        endpoint: &PubSubEndpoint,
        instance_url: &Url,
        access_token: SecretString,
        organization: SalesforceId,
    ) -> Result<Self, ChangeEventsError> {
        let url = endpoint.url();
        let is_plain = url.scheme() == "http";
        let mut connection = Endpoint::from_shared(url.to_string())
            .map_err(invalid)?
            .connect_timeout(TIMEOUT)
            .http2_keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .keep_alive_while_idle(true);
        if !is_plain {
            let trusted = ClientTlsConfig::new().with_native_roots();
            connection = connection.tls_config(trusted).map_err(invalid)?;
        }
        let instance = instance_url.as_str().trim_end_matches('/');
        Ok(Self {
            channel: connection.connect_lazy(),
            instance_url: MetadataValue::try_from(instance).map_err(invalid)?,
            organization: MetadataValue::try_from(organization.as_str()).map_err(invalid)?,
            access_token: secret(&access_token)?,
            longest_silence: LONGEST_SILENCE,
            schemas: Schemas::default(),
        })
    }

    /// The same client with another token, over the same connection.
    ///
    /// # Errors
    /// [`ChangeEventsError::InvalidRequest`] if the token cannot be used.
    pub fn with_token(mut self, access_token: &SecretString) -> Result<Self, ChangeEventsError> {
        self.access_token = secret(access_token)?;
        Ok(self)
    }

    /// The same client giving a silent subscription up after another time; 150 seconds without it.
    pub fn with_longest_silence(mut self, longest: Duration) -> Self {
        self.longest_silence = longest;
        self
    }

    pub(super) fn longest_silence(&self) -> Duration {
        self.longest_silence
    }

    pub(super) fn stub(&self) -> PubSubClient<Channel> {
        PubSubClient::new(self.channel.clone())
    }

    /// A request with the metadata that every call needs.
    pub(super) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert("accesstoken", self.access_token.clone());
        metadata.insert("instanceurl", self.instance_url.clone());
        metadata.insert("tenantid", self.organization.clone());
        request
    }

    /// How the header is written in events of this schema.
    pub(super) async fn header_type(&self, schema_id: &str) -> Result<Arc<AvroType>, ChangeEventsError> {
        if let Some(known) = self.schemas.get(schema_id) {
            return Ok(known);
        }
        let mut request = self.request(SchemaRequest { schema_id: schema_id.to_owned() });
        request.set_timeout(TIMEOUT);
        let answer = tokio::time::timeout(TIMEOUT, self.stub().get_schema(request)).await;
        let answer = answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("GetSchema took too long")));
        let schema = answer.map_err(|status| ChangeEventsError::from_status(&status))?.into_inner();
        let header = header_type(&schema.schema_json);
        let header = header.map_err(|error| ChangeEventsError::Unreadable { reason: error.to_string() })?;
        let header = Arc::new(header);
        self.schemas.put(schema_id.to_owned(), Arc::clone(&header));
        Ok(header)
    }
}

impl std::fmt::Debug for ChangeEventsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeEventsClient")
            .field("instance_url", &self.instance_url)
            .field("organization", &self.organization)
            .finish_non_exhaustive()
    }
}

fn secret(token: &SecretString) -> Result<MetadataValue<Ascii>, ChangeEventsError> {
    let mut value = MetadataValue::try_from(token.expose_secret())
        .map_err(|_| ChangeEventsError::InvalidRequest { reason: "the token is no token".to_owned() })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The error with its causes.
fn invalid(error: impl std::error::Error) -> ChangeEventsError {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    ChangeEventsError::InvalidRequest { reason }
}
