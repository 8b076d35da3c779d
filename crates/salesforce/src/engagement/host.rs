//! Where Account Engagement answers.

use url::Url;

use crate::hosts::{fixed, is_salesforce};

/// Kinds of orgs that have a part of their own in their address, and whose business units answer on the demo host.
const NOT_PRODUCTION: [&str; 6] =
    [".sandbox.", ".develop.", ".scratch.", ".demo.", ".patch.", ".trailblaze."];

/// Where Account Engagement answers; not on the org's own host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngagementHost {
    /// `pi.pardot.com`
    Production,
    /// `pi.demo.pardot.com`, for business units of sandboxes, developer and demo orgs.
    Sandbox,
    /// Another address, as that of an emulator.
    Other(Url),
}

impl EngagementHost {
    /// The host that answers for an org with this instance.
    ///
    /// An instance that is none of Salesforce's, such as an emulator's, answers itself.
    pub fn of_instance(instance: &Url) -> Self {
        let name = instance.domain().unwrap_or_default();
        if !is_salesforce(name) {
            return Self::Other(instance.clone());
        }
        let first = name.split('.').next().unwrap_or_default();
        // Older sandboxes and developer orgs tell by their own part: `acme--test`, `acme-dev-ed`.
        let older = first.contains("--") || first.ends_with("-dev-ed");
        if older || NOT_PRODUCTION.iter().any(|part| name.contains(part)) {
            return Self::Sandbox;
        }
        Self::Production
    }

    /// The base address.
    pub fn url(&self) -> Url {
        match self {
            Self::Production => fixed("https://pi.pardot.com/"),
            Self::Sandbox => fixed("https://pi.demo.pardot.com/"),
            Self::Other(url) => url.clone(),
        }
    }
}
