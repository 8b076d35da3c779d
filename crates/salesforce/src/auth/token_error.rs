//! Why there is no token (contract 1.4).

use serde::Deserialize;

use crate::HostError;

/// Why a login or renewal gave no token, as finely as a set-up page has to tell it apart.
///
/// No message holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields named error, description and reason explain themselves")]
pub enum TokenError {
    /// The person said no on Salesforce's page.
    #[error("the user denied access")]
    AccessDenied,
    /// The consumer key is unknown. A new app answers like this for about ten minutes.
    #[error("the consumer key is unknown, or the app is only minutes old")]
    InvalidClientId,
    /// The consumer secret is wrong.
    #[error("the consumer secret is wrong")]
    InvalidClientSecret,
    /// The app is not installed in the org, or was removed from it.
    #[error("the app is not installed in the org")]
    AppNotInstalled,
    /// An administrator blocked the app.
    #[error("the app is blocked in the org")]
    AppBlocked,
    /// The callback address is not one of the app's.
    #[error("the callback address is not registered with the app")]
    RedirectUriMismatch,
    /// The app or the user's profile allows logging in from other addresses only.
    #[error("logging in from this network address is not allowed")]
    IpRestricted,
    /// The edition has no API, or the user is not allowed to use it.
    #[error("the API is not enabled for the org or the user")]
    ApiDisabled,
    /// The user is deactivated or frozen.
    #[error("the user is inactive")]
    InactiveUser,
    /// The org is locked, suspended or closed.
    #[error("the org is locked, suspended or closed")]
    InactiveOrg,
    /// The refresh token was revoked or has expired, or the user lost access.
    #[error("the refresh token was revoked or has expired")]
    RefreshTokenExpired,
    /// The code was used already or is older than 15 minutes.
    #[error("the authorization code was used already or has expired")]
    CodeExpired,
    /// The app lets in only users whom an administrator approved.
    #[error("an administrator has to approve the user for the app")]
    NotAdminApproved,
    /// JWT: the user has neither approved the app nor been approved for it.
    #[error("the user has not approved the app")]
    UserNotApproved,
    /// Client credentials: no user to run as is set on the app.
    #[error("the app has no user to run as")]
    NoClientCredentialsUser,
    /// Client credentials: only the org's own address takes them.
    #[error("this flow works only on the org's My Domain address")]
    WrongDomain,
    /// JWT: the assertion's signature, audience or times are not accepted.
    #[error("the signed assertion was not accepted: {description}")]
    InvalidAssertion { description: String },
    /// The app requires PKCE, or the verifier does not fit the challenge.
    #[error("PKCE is required or failed: {description}")]
    Pkce { description: String },
    /// A scope asked for is not among the app's.
    #[error("the app lacks a scope that was asked for")]
    MissingScope,
    /// The flow is not switched on for the app.
    #[error("this flow is not enabled for the app")]
    FlowDisabled,
    /// The host is not Salesforce's; nothing was sent, or the token was dropped.
    #[error("no secret may go to this host: {0}")]
    Host(#[from] HostError),
    /// Any other refusal.
    #[error("Salesforce refused: {error} ({description})")]
    Refused { error: String, description: String },
    /// No usable answer: network trouble, 5xx, too many requests, "retry your request".
    #[error("Salesforce's login is not available: {reason}")]
    Unavailable { reason: String },
    /// A success that holds no token.
    #[error("Salesforce's answer cannot be read: {reason}")]
    Unreadable { reason: String },
}

#[derive(Deserialize)]
struct Wire {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl TokenError {
    /// Whether waiting is no use: a person has to reconnect or change something in Salesforce.
    pub fn means_reconnect(&self) -> bool {
        !matches!(self, Self::Unavailable { .. } | Self::Unreadable { .. })
    }

    /// Whether the same request can succeed later by itself.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Sorts an OAuth error, from a body or from the parameters of a callback.
    pub fn from_oauth(error: &str, description: &str) -> Self {
        let code = error.to_ascii_lowercase().replace('-', "_");
        by_description(&code, description)
            .or_else(|| by_code(&code))
            .unwrap_or_else(|| Self::Refused { error: error.to_owned(), description: description.to_owned() })
    }

    /// Reads the answer of an OAuth endpoint that is no success: JSON, or form-encoded as from revoke.
    pub fn from_answer(status: u16, body: &[u8]) -> Self {
        if status >= 500 || matches!(status, 406 | 408 | 420 | 429) {
            return Self::Unavailable { reason: format!("HTTP {status}") };
        }
        if let Ok(wire) = serde_json::from_slice::<Wire>(body) {
            return Self::from_oauth(&wire.error, &wire.error_description);
        }
        let parameter = |name: &str| {
            url::form_urlencoded::parse(body)
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        match parameter("error") {
            Some(error) => Self::from_oauth(&error, &parameter("error_description").unwrap_or_default()),
            None => Self::Unavailable { reason: format!("HTTP {status} without an OAuth error") },
        }
    }
}

/// Many causes share `invalid_grant`, so the text decides where it is known.
fn by_description(code: &str, description: &str) -> Option<TokenError> {
    let text = description.to_ascii_lowercase();
    let says = |part: &str| text.contains(part);
    let description = || description.to_owned();
    Some(match code {
        _ if says("ip restricted") || says("ip address") => TokenError::IpRestricted,
        _ if says("not supported on this domain") => TokenError::WrongDomain,
        _ if says("no client credentials user") => TokenError::NoClientCredentialsUser,
        _ if says("not admin approved") => TokenError::NotAdminApproved,
        _ if says("hasn't approved") || says("has not approved") => TokenError::UserNotApproved,
        _ if says("must be installed") || says("not installed") => TokenError::AppNotInstalled,
        _ if says("inactive user") || says("user is inactive") => TokenError::InactiveUser,
        _ if says("api") && (says("disabled") || says("not enabled")) => TokenError::ApiDisabled,
        _ if says("code challenge") || says("code verifier") || says("code_verifier") => {
            TokenError::Pkce { description: description() }
        }
        _ if says("audience") || says("assertion") => {
            TokenError::InvalidAssertion { description: description() }
        }
        "invalid_grant" if says("authorization code") => TokenError::CodeExpired,
        "invalid_grant" if says("expired access/refresh token") || says("token revoked") => {
            TokenError::RefreshTokenExpired
        }
        _ => return None,
    })
}

fn by_code(code: &str) -> Option<TokenError> {
    Some(match code {
        "access_denied" | "oauth_app_access_denied" => TokenError::AccessDenied,
        "invalid_client_id" => TokenError::InvalidClientId,
        "invalid_client" | "invalid_client_credentials" => TokenError::InvalidClientSecret,
        "app_not_found" | "oauth_ec_app_not_found" => TokenError::AppNotInstalled,
        "oauth_app_blocked" => TokenError::AppBlocked,
        "redirect_uri_mismatch" | "redirect_uri_missing" => TokenError::RedirectUriMismatch,
        "api_disabled_for_org" | "api_currently_disabled" => TokenError::ApiDisabled,
        "inactive_user" => TokenError::InactiveUser,
        "inactive_org" => TokenError::InactiveOrg,
        "invalid_app_access" => TokenError::NotAdminApproved,
        "invalid_scope" => TokenError::MissingScope,
        "unsupported_grant_type" | "unsupported_response_type" => TokenError::FlowDisabled,
        "unknown_error" | "rate_limit_exceeded" | "server_error" | "temporarily_unavailable" => {
            TokenError::Unavailable { reason: code.to_owned() }
        }
        _ => return None,
    })
}
