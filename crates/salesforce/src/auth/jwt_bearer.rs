//! The JWT bearer flow: a signed statement instead of a person (contract 1.3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{ConnectedApp, JwtKey, KeyError, TokenRequest};

impl ConnectedApp {
    /// The request for a token of `username`, who must have been approved for the app.
    ///
    /// `audience` comes from [`crate::Environment::audience`]; `expires` should be at most three
    /// minutes ahead of the org's clock. There is no refresh token: ask again instead.
    ///
    /// # Errors
    /// [`KeyError::Signing`]
    pub fn jwt_bearer(
        &self,
        key: &JwtKey,
        username: &str,
        audience: &str,
        expires: Timestamp,
    ) -> Result<TokenRequest, KeyError> {
        let assertion = sign_assertion(key, &self.client_id, username, audience, expires)?;
        let request = self.bare_request("urn:ietf:params:oauth:grant-type:jwt-bearer");
        Ok(request.with_secret("assertion", &assertion))
    }
}

/// A signed assertion that `client_id` may act as `username`, good until `expires`.
///
/// # Errors
/// [`KeyError::Signing`]
pub fn sign_assertion(
    key: &JwtKey,
    client_id: &str,
    username: &str,
    audience: &str,
    expires: Timestamp,
) -> Result<SecretString, KeyError> {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(&json!({ "alg": "RS256" }));
    let claims =
        encode(&json!({ "iss": client_id, "sub": username, "aud": audience, "exp": expires.as_second() }));
    let message = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())?);
    Ok(SecretString::from(format!("{message}.{signature}")))
}
