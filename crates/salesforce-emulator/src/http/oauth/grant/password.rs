//! User name and password, as older clients send them.

use serde_json::{Map, Value as Json};

use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::issue::issue;
use crate::http::oauth::password::password_is_right;
use crate::sessions::Grant;
use crate::state::EmulatorState;

/// Signs a user in.
pub(in crate::http::oauth) fn password(
    state: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    let failure = Refused("invalid_grant", "authentication failure");
    let user = {
        let org = state.read();
        client::check(&org.settings.app, form)?;
        let user = form.get("username").and_then(|name| org.user_named(name));
        let right =
            form.get("password").is_some_and(|given| password_is_right(&org.settings.password, given));
        let Some(user) = user.filter(|_| right) else { return Err(failure) };
        client::check_user(&org, user)?;
        user
    };
    Ok(issue(state, &Grant { user, scope: "pardot_api api id web".to_owned() }, None))
}
