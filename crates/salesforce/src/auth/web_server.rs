//! The web-server flow: a person logs in on Salesforce's page (contract 1.2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::connected_app::endpoint;
use super::{ConnectedApp, TokenError, TokenRequest};

/// What to ask a person for. The page that starts it keeps `state` and the verifier for the callback.
#[derive(Debug, Clone)]
pub struct Authorization<'a> {
    /// One of the app's callback addresses, letter for letter.
    pub redirect_uri: &'a str,
    /// An unguessable text that comes back with the callback.
    pub state: &'a str,
    /// 43 to 128 random letters, digits, `-`, `.`, `_` and `~`; its hash is sent.
    pub verifier: &'a SecretString,
    /// Such as `api` and `refresh_token`; without any, the app's own scopes apply.
    pub scopes: &'a [&'a str],
    /// Such as `login` or `consent`.
    pub prompt: Option<&'a str>,
}

/// What the callback brought.
#[derive(Debug, Clone)]
pub struct Callback {
    /// To be exchanged for a token within 15 minutes, once.
    pub code: SecretString,
    /// To be compared with the state sent.
    pub state: Option<String>,
}

impl ConnectedApp {
    /// The address to send the person to.
    pub fn authorize_url(&self, authorization: &Authorization<'_>) -> Url {
        let mut url = endpoint(&self.login_url, "authorize");
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", &self.client_id);
        query.append_pair("redirect_uri", authorization.redirect_uri);
        query.append_pair("state", authorization.state);
        query.append_pair("code_challenge", &code_challenge(authorization.verifier));
        query.append_pair("code_challenge_method", "S256");
        if !authorization.scopes.is_empty() {
            query.append_pair("scope", &authorization.scopes.join(" "));
        }
        if let Some(prompt) = authorization.prompt {
            query.append_pair("prompt", prompt);
        }
        drop(query);
        url
    }

    /// The request that turns a code into a token, with the same address and verifier as before.
    pub fn exchange_code(
        &self,
        code: &SecretString,
        redirect_uri: &str,
        verifier: &SecretString,
    ) -> TokenRequest {
        self.token_request("authorization_code")
            .with_secret("code", code)
            .with("redirect_uri", redirect_uri)
            .with_secret("code_verifier", verifier)
    }
}

impl Callback {
    /// Reads the callback's query string, still encoded. Compare the state before using the code.
    ///
    /// # Errors
    /// The error Salesforce sent, or [`TokenError::Unreadable`] for neither code nor error.
    pub fn from_query(query: &str) -> Result<Self, TokenError> {
        let parameter = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        if let Some(error) = parameter("error") {
            let description = parameter("error_description").unwrap_or_default();
            return Err(TokenError::from_oauth(&error, &description));
        }
        match parameter("code") {
            Some(code) => Ok(Self { code: code.into(), state: parameter("state") }),
            None => {
                Err(TokenError::Unreadable { reason: "the callback has neither code nor error".to_owned() })
            }
        }
    }
}

/// The S256 challenge of a PKCE verifier.
pub fn code_challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.expose_secret().as_bytes()))
}
