//! The address of a Slack webhook, which is a secret: anyone who has it can post.

use std::fmt;
use url::Url;

/// Hosts on which Slack takes posts.
const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
/// Characters at its end that may be shown, so that people can tell two of them apart.
const SHOWN: usize = 4;
/// An end shorter than this is not shown at all.
const LONG_ENOUGH: usize = 16;

/// A webhook that may be called.
#[derive(Clone, PartialEq, Eq)]
pub struct SlackWebhook(Url);

/// What was typed is no webhook that may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a Slack webhook")]
pub struct InvalidWebhook;

impl SlackWebhook {
    /// Reads an address: https on a host of Slack, or on an origin that the operator allows.
    ///
    /// # Errors
    /// [`InvalidWebhook`] for every other address; it does not hold what was typed, which may be a secret.
    pub fn parse(typed: &str, allowed: &[Url]) -> Result<Self, InvalidWebhook> {
        let url = Url::parse(typed.trim()).map_err(|_| InvalidWebhook)?;
        if !url.username().is_empty() || url.password().is_some() || url.path().len() < 2 {
            return Err(InvalidWebhook);
        }
        let own = allowed.iter().any(|one| one.origin().is_tuple() && one.origin() == url.origin());
        let slack = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| HOSTS.contains(&host));
        if own || slack { Ok(Self(url)) } else { Err(InvalidWebhook) }
    }

    /// The address, to call it and to keep it in the vault.
    pub fn expose(&self) -> &Url {
        &self.0
    }

    /// What may be shown of it: the host and the last characters.
    pub fn masked(&self) -> String {
        let last = self.0.path().rsplit('/').next().unwrap_or_default();
        let from = if last.len() < LONG_ENOUGH { last.len() } else { last.len() - SHOWN };
        format!("{}/…{}", self.0.origin().ascii_serialization(), last.get(from..).unwrap_or_default())
    }
}

impl fmt::Debug for SlackWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlackWebhook({})", self.masked())
    }
}
