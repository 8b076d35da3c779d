//! Giving a token up (contract 1.5).

use secrecy::SecretString;
use url::Url;

use super::connected_app::endpoint;
use super::{TokenError, TokenRequest};
use crate::AllowedHosts;

/// Revokes a token; a refresh token takes its access tokens with it.
///
/// A token the org does not know is a success: it is dead either way.
///
/// # Errors
/// [`TokenError`]
pub async fn revoke(
    http: &reqwest::Client,
    hosts: &AllowedHosts,
    login_url: &Url,
    token: &SecretString,
) -> Result<(), TokenError> {
    const UNKNOWN_TOKEN: [&str; 2] = ["unsupported_token_type", "invalid_token"];
    let request = TokenRequest::new(endpoint(login_url, "revoke")).with_secret("token", token);
    let (status, body) = request.post(http, hosts).await?;
    if status.is_success() {
        return Ok(());
    }
    match TokenError::from_answer(status.as_u16(), &body) {
        TokenError::Refused { error, .. } if UNKNOWN_TOKEN.contains(&error.as_str()) => Ok(()),
        other => Err(other),
    }
}
