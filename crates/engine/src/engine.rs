//! What the engine works with.

use crate::channel::mail::MailServer;
use crate::channel::renderer::Renderer;
use salesforce::AllowedHosts;
use std::sync::Arc;
use std::time::Duration;
use storage::{Clock, Database};
use url::Url;

/// Configuration of the engine.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// A name of this process among all workers of the database.
    pub worker: String,
    /// How long one call to Salesforce may take, in real time.
    pub request_timeout: Duration,
    /// How long a worker with nothing to do waits before it looks again, in real time.
    pub poll: Duration,
    /// Hosts that may be called besides Salesforce's own.
    pub allowed_hosts: AllowedHosts,
    /// Origins that a webhook may have besides Slack's own.
    pub webhook_origins: Vec<Url>,
    /// The server that takes mails; `None` when the operator set up none.
    pub mail: Option<MailServer>,
    /// Where change events come from; `None` for Salesforce's own address, or a test org's.
    pub change_events: Option<Url>,
    /// Makes the words of messages.
    pub writer: Renderer,
}

/// What the engine works with; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
    pub(crate) settings: Arc<EngineSettings>,
}

impl Engine {
    /// Puts it together; `http` comes from [`salesforce::http_client`].
    pub fn new(database: Database, clock: Clock, http: reqwest::Client, settings: EngineSettings) -> Self {
        Self { database, clock, http, settings: Arc::new(settings) }
    }

    /// Seconds, by our clock, in which the org may still be working on a request whose answer was lost.
    pub(crate) fn org_settle_seconds(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a time-out of seconds, times a demo's speed")]
        let seconds = (self.settings.request_timeout.as_secs_f64() * self.clock.speed()).ceil() as i64;
        seconds.max(1)
    }

    /// How long a lease is that outlives one call to Salesforce with room to spare, in real time.
    pub(crate) fn lease(&self) -> Duration {
        2 * self.settings.request_timeout + self.clock.real_duration(1.0)
    }
}
