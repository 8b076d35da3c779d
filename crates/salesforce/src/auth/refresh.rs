//! Renewing an access token (contract 1.3).

use secrecy::SecretString;

use super::{ConnectedApp, TokenRequest};

impl ConnectedApp {
    /// The request for a new access token.
    ///
    /// Keep the refresh token unless the answer brings another: see [`super::Token::or_refresh_token`].
    pub fn refresh(&self, refresh_token: &SecretString) -> TokenRequest {
        self.token_request("refresh_token").with_secret("refresh_token", refresh_token)
    }
}
