//! Where the Pub/Sub API answers.

use url::Url;

use crate::hosts::fixed;

/// Where the Pub/Sub API answers: one address for many orgs, apart from the org's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PubSubEndpoint {
    /// `api.pubsub.salesforce.com`, for every org.
    Global,
    /// `api.deu.pubsub.salesforce.com`, for orgs whose data must stay in the European Union.
    EuropeanUnion,
    /// An address the operator chose. Without TLS if it begins with `http:`.
    Other(Url),
}

impl PubSubEndpoint {
    /// The address.
    pub fn url(&self) -> Url {
        match self {
            Self::Global => fixed("https://api.pubsub.salesforce.com:7443/"),
            Self::EuropeanUnion => fixed("https://api.deu.pubsub.salesforce.com:7443/"),
            Self::Other(url) => url.clone(),
        }
    }
}
