//! The app signs in as itself, and runs as the user its settings name.

use serde_json::{Map, Value as Json};

use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::issue::issue;
use crate::sessions::Grant;
use crate::state::EmulatorState;

/// Signs the app in.
pub(in crate::http::oauth) fn client_credentials(
    state: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    let user = {
        let org = state.read();
        client::check(&org.settings.app, form)?;
        if form.client_secret.is_none() {
            return Err(Refused("invalid_client", "invalid client credentials"));
        }
        if !org.settings.app.client_credentials_user {
            return Err(Refused("invalid_grant", "no client credentials user enabled"));
        }
        client::check_user(&org, org.settings.admin)?;
        org.settings.admin
    };
    Ok(issue(state, &Grant { user, scope: "pardot_api api id web".to_owned() }, None))
}
