//! A device that polls for its authorization.

use serde_json::{Map, Value as Json};

use crate::device_codes::Asked;
use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::id_token;
use crate::http::oauth::issue::issue;
use crate::lock::lock;
use crate::state::EmulatorState;

/// Trades a device's code for tokens, once the user has allowed it.
pub(in crate::http::oauth) fn device(
    state: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    client::check_key(&state.read().settings.app, &form.client_id)?;
    let code = form.get("code").or(form.get("device_code")).unwrap_or_default();
    let grant = match lock(&state.devices).ask(code, state.clock.now()) {
        Asked::Allowed(grant) => grant,
        Asked::Pending => return Err(Refused("authorization_pending", "still waiting for the user")),
        Asked::Denied => return Err(Refused("access_denied", "end-user denied authorization")),
        Asked::Unknown => return Err(Refused("invalid_grant", "expired device code")),
    };
    client::check_user(&state.read(), grant.user)?;
    let refresh = grant.allows("refresh_token").then(|| lock(&state.sessions).issue_refresh(grant.clone()));
    let mut answer = issue(state, &grant, refresh.as_deref());
    id_token::add(state, &grant, None, &mut answer);
    if let Some(refresh) = refresh {
        answer.shift_insert(1, "refresh_token".to_owned(), Json::String(refresh));
    }
    Ok(answer)
}
