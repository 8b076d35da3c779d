//! What every handler may use.

use crate::trusted_proxies::TrustedProxies;
use salesforce::AllowedHosts;
use std::sync::Arc;
use storage::{Clock, Database};
use url::Url;

/// Configuration of the web part.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// The address under which people and Salesforce reach this server, without a slash at the end.
    pub public_url: Url,
    /// Reverse proxies whose word about a client's address is believed.
    pub trusted_proxies: TrustedProxies,
    /// Origins of sites that may show booking pages in a frame.
    pub frame_origins: Vec<String>,
    /// Outgoing IP addresses of this server, shown for Salesforce's login IP ranges (C2).
    pub egress_ips: Vec<String>,
    /// Hosts that may be called besides Salesforce's own; the demo allows its emulator.
    pub allowed_hosts: AllowedHosts,
    /// Origins that a Slack webhook may have besides Slack's own (N1).
    pub webhook_origins: Vec<Url>,
    /// In whose name mails are sent; `None` when the operator set up no mail server.
    pub mail_from: Option<String>,
    /// The org to which the demo connects, offered on the connection page; `None` outside the demo.
    pub demo_org: Option<DemoOrg>,
}

/// The demo's org, so that its connection page can be filled in by itself.
#[derive(Clone, Debug)]
pub struct DemoOrg {
    /// Its address.
    pub url: Url,
    /// The consumer key.
    pub consumer_key: String,
    /// The consumer secret.
    pub consumer_secret: String,
}

/// What every handler may use; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Where everything is kept.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// For connecting to Salesforce only.
    pub http: reqwest::Client,
    /// Configuration.
    pub settings: Arc<WebSettings>,
}
