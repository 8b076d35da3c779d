//! The client-credentials flow: the app logs in as a user set on it (contract 1.3).

use super::{ConnectedApp, TokenRequest};

impl ConnectedApp {
    /// The request for a token of the app's run-as user.
    ///
    /// The login address must be the org's My Domain. There is no refresh token: ask again instead.
    pub fn client_credentials(&self) -> TokenRequest {
        self.token_request("client_credentials")
    }
}
