//! A form post to the token endpoint.

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Token, TokenError};
use crate::AllowedHosts;
use crate::http_client::reason;

/// Token answers are about a kilobyte; error pages rarely more than a hundred.
const MAX_RESPONSE: usize = 1024 * 1024;

/// A request for a token, ready to be sent. Its `Debug` shows names only.
#[derive(Clone)]
pub struct TokenRequest {
    url: Url,
    form: Vec<(&'static str, SecretString)>,
}

impl TokenRequest {
    pub(super) fn new(url: Url) -> Self {
        Self { url, form: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.form.push((name, value.into()));
        self
    }

    pub(super) fn with_secret(mut self, name: &'static str, value: &SecretString) -> Self {
        self.form.push((name, value.clone()));
        self
    }

    /// Where it goes.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The form's fields, values still wrapped.
    pub fn form(&self) -> &[(&'static str, SecretString)] {
        &self.form
    }

    /// Sends the request and reads the token.
    ///
    /// Both the host asked and the instance the answer names must be allowed. A code can be exchanged
    /// only once, and with rotation a refresh token too: after [`TokenError::Unavailable`] it may be used up.
    ///
    /// # Errors
    /// [`TokenError`]
    pub async fn send(&self, http: &reqwest::Client, hosts: &AllowedHosts) -> Result<Token, TokenError> {
        let (status, body) = self.post(http, hosts).await?;
        let token = Token::from_answer(status.as_u16(), &body)?;
        hosts.check(&token.instance_url)?;
        Ok(token)
    }

    pub(super) async fn post(
        &self,
        http: &reqwest::Client,
        hosts: &AllowedHosts,
    ) -> Result<(StatusCode, Vec<u8>), TokenError> {
        hosts.check(&self.url)?;
        let form: Vec<(&str, &str)> =
            self.form.iter().map(|(name, value)| (*name, value.expose_secret())).collect();
        let unavailable = |error| TokenError::Unavailable { reason: reason(error) };
        let request =
            http.post(self.url.clone()).header(http::header::ACCEPT, "application/json").form(&form);
        let mut response = request.send().await.map_err(unavailable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
            if body.len() + chunk.len() > MAX_RESPONSE {
                return Err(TokenError::Unreadable { reason: "the answer is too long".to_owned() });
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response.status(), body))
    }
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.form.iter().map(|(name, _)| *name).collect();
        f.debug_struct("TokenRequest").field("url", &self.url.as_str()).field("form", &names).finish()
    }
}
