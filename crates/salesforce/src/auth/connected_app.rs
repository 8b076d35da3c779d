//! The app that an org knows us by.

use secrecy::SecretString;
use url::Url;

use super::TokenRequest;

/// A connected app or external client app, and where its users log in.
///
/// Its methods build the requests of the OAuth flows; nothing is sent by them.
#[derive(Debug, Clone)]
pub struct ConnectedApp {
    /// Base address for logging in, see [`crate::Environment::login_url`].
    pub login_url: Url,
    /// The consumer key.
    pub client_id: String,
    /// The consumer secret; absent for an app that does not require one.
    pub client_secret: Option<SecretString>,
}

impl ConnectedApp {
    /// A token request with the app's credentials.
    pub(super) fn token_request(&self, grant_type: &'static str) -> TokenRequest {
        let request = self.bare_request(grant_type).with("client_id", &self.client_id);
        match &self.client_secret {
            Some(secret) => request.with_secret("client_secret", secret),
            None => request,
        }
    }

    /// A token request for a grant that proves the app itself.
    pub(super) fn bare_request(&self, grant_type: &'static str) -> TokenRequest {
        TokenRequest::new(endpoint(&self.login_url, "token")).with("grant_type", grant_type)
    }
}

pub(super) fn endpoint(login_url: &Url, name: &str) -> Url {
    let mut url = login_url.clone();
    url.set_path(&format!("/services/oauth2/{name}"));
    url.set_query(None);
    url.set_fragment(None);
    url
}
