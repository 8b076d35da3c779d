//! Access tokens of requests, and the users behind them.

use axum::http::HeaderMap;

use crate::http::answer::Answer;
use crate::http::error::error;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::sessions::Checked;
use crate::state::EmulatorState;

/// The access token of a request.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("authorization")?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let known = ["Bearer", "OAuth"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    known.then(|| token.trim().to_owned())
}

/// Why a caller is refused.
pub(super) struct AuthenticationError {
    /// The status.
    pub(super) status: u16,
    /// The code.
    pub(super) code: &'static str,
    /// The message.
    pub(super) message: &'static str,
}

/// The user who calls, or the refusal.
pub(super) fn authenticate(state: &EmulatorState, headers: &HeaderMap) -> Result<RecordId, Box<Answer>> {
    let refused = match token(headers) {
        Some(token) => match authenticate_token(state, &token) {
            Ok(user) => return Ok(user),
            Err(refused) => refused,
        },
        None if headers.contains_key("authorization") => {
            AuthenticationError { status: 401, code: "INVALID_AUTH_HEADER", message: "INVALID_HEADER_TYPE" }
        }
        None => AuthenticationError {
            status: 401,
            code: "INVALID_SESSION_ID",
            message: "Session expired or invalid",
        },
    };
    Err(Box::new(error(refused.status, refused.code, refused.message)))
}

/// The user behind an access token, if it is good and the user may call.
pub(super) fn authenticate_token(
    state: &EmulatorState,
    token: &str,
) -> Result<RecordId, AuthenticationError> {
    let refuse = |status, code, message| Err(AuthenticationError { status, code, message });
    let now = state.clock.now();
    let (minutes, api_enabled) = {
        let org = state.read();
        (org.settings.limits.session_minutes, org.settings.api_enabled)
    };
    let Checked::Good(grant) = lock(&state.sessions).check(token, now, minutes) else {
        return refuse(401, "INVALID_SESSION_ID", "Session expired or invalid");
    };
    let org = state.read();
    if !org.user_flag(grant.user, "IsActive") {
        return refuse(401, "INVALID_SESSION_ID", "Session expired or invalid");
    }
    if !grant.allows("api") {
        return refuse(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API");
    }
    if !api_enabled {
        return refuse(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.");
    }
    if org.settings.expired_passwords.contains(&grant.user) {
        return refuse(
            403,
            "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
            "The users password has expired, you must call SetPassword before attempting any other API operations",
        );
    }
    if org.settings.users_without_api.contains(&grant.user) {
        return refuse(403, "API_CURRENTLY_DISABLED", "API is disabled for this User");
    }
    Ok(grant.user)
}
