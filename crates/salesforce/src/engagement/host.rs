//! Where Account Engagement answers.

use url::Url;

use crate::hosts::fixed;

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
    /// The base address.
    pub fn url(&self) -> Url {
        match self {
            Self::Production => fixed("https://pi.pardot.com/"),
            Self::Sandbox => fixed("https://pi.demo.pardot.com/"),
            Self::Other(url) => url.clone(),
        }
    }
}
