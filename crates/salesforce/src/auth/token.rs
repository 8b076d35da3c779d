//! What a login gives (contract 1.3).

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::TokenError;
use crate::SalesforceId;

/// An access token and what came with it.
///
/// There is no expiry: a token dies when the session times out, and the only sign is
/// [`crate::Error::SessionExpired`].
#[derive(Debug, Clone)]
pub struct Token {
    /// For [`crate::Client`].
    pub access_token: SecretString,
    /// For renewing; absent where the flow or scope gives none, and mostly on a refresh too: the old
    /// one stays good then, see [`Token::or_refresh_token`].
    pub refresh_token: Option<SecretString>,
    /// Where the API answers; it can differ after each refresh.
    pub instance_url: Url,
    /// Whose token it is.
    pub id: Identity,
    /// The scopes granted, separated by spaces; empty when not said.
    pub scope: String,
    /// When it was issued, by the org's clock, if said.
    pub issued_at: Option<Timestamp>,
}

/// The user and org behind a token, read from the identity address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The identity address.
    pub url: Url,
    /// The org.
    pub organization: SalesforceId,
    /// The user.
    pub user: SalesforceId,
}

#[derive(Deserialize)]
struct Wire {
    access_token: String,
    refresh_token: Option<String>,
    instance_url: String,
    id: String,
    #[serde(default)]
    scope: String,
    issued_at: Option<String>,
}

impl Token {
    /// Reads the answer of a token endpoint.
    ///
    /// # Errors
    /// [`TokenError`]
    pub fn from_answer(status: u16, body: &[u8]) -> Result<Self, TokenError> {
        if status != 200 {
            return Err(TokenError::from_answer(status, body));
        }
        // The parser's own words are left out, since they can quote the token.
        let unreadable = |what: &str| TokenError::Unreadable { reason: what.to_owned() };
        let wire: Wire = serde_json::from_slice(body).map_err(|_| unreadable("the answer is no token"))?;
        let address = |text: &str| Url::parse(text).map_err(|_| unreadable("an address is none"));
        let milliseconds = wire.issued_at.and_then(|text| text.parse().ok());
        Ok(Self {
            access_token: wire.access_token.into(),
            refresh_token: wire.refresh_token.map(SecretString::from),
            instance_url: address(&wire.instance_url)?,
            id: Identity::from_url(address(&wire.id)?)
                .ok_or_else(|| unreadable("the identity address holds no ids"))?,
            scope: wire.scope,
            issued_at: milliseconds.and_then(|number| Timestamp::from_millisecond(number).ok()),
        })
    }

    /// The token with its own refresh token or, if it came without, the one used so far.
    pub fn or_refresh_token(mut self, used: &SecretString) -> Self {
        self.refresh_token.get_or_insert_with(|| used.clone());
        self
    }

    /// Whether a scope was granted, `full` standing for all but the refresh token.
    pub fn has_scope(&self, scope: &str) -> bool {
        let aliases: &[&str] = match scope {
            "refresh_token" | "offline_access" => &["refresh_token", "offline_access"],
            other => &[other, "full"],
        };
        self.scope.split_whitespace().any(|granted| aliases.contains(&granted))
    }
}

impl Identity {
    /// Reads `…/id/<org>/<user>`.
    pub fn from_url(url: Url) -> Option<Self> {
        let mut parts = url.path_segments()?.skip_while(|part| *part != "id").skip(1);
        let organization: SalesforceId = parts.next()?.parse().ok()?;
        let user: SalesforceId = parts.next()?.parse().ok()?;
        Some(Self { url, organization, user })
    }
}
