//! A new access token for an old sign-in.

use serde_json::{Map, Value as Json};

use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::id_token;
use crate::http::oauth::issue::issue;
use crate::lock::lock;
use crate::state::EmulatorState;

/// Trades a refresh token for an access token.
///
/// The answer has no refresh token unless the app rotates them; then the old one dies.
pub(in crate::http::oauth) fn refresh_token(
    state: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    let expired = Refused("invalid_grant", "expired access/refresh token");
    client::check(&state.read().settings.app, form)?;
    let Some(token) = form.get("refresh_token") else { return Err(expired) };
    let grant = lock(&state.sessions).refresh_grant(token);
    let Some(grant) = grant else { return Err(expired) };
    let rotate = {
        let org = state.read();
        client::check_user(&org, grant.user)?;
        org.settings.app.rotate_refresh_tokens
    };
    if !rotate {
        let mut answer = issue(state, &grant, Some(token));
        id_token::add(state, &grant, None, &mut answer);
        return Ok(answer);
    }
    let fresh = {
        let mut sessions = lock(&state.sessions);
        sessions.retire_refresh(token);
        sessions.issue_refresh(grant.clone())
    };
    let mut answer = issue(state, &grant, Some(&fresh));
    id_token::add(state, &grant, None, &mut answer);
    answer.shift_insert(1, "refresh_token".to_owned(), Json::String(fresh));
    Ok(answer)
}
