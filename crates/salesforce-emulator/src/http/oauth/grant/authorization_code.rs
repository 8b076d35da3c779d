//! The code that the consent page sent to the client's callback.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::{Map, Value as Json};

use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::id_token;
use crate::http::oauth::issue::issue;
use crate::lock::lock;
use crate::state::EmulatorState;

/// Trades a code for tokens.
pub(in crate::http::oauth) fn authorization_code(
    state: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    client::check(&state.read().settings.app, form)?;
    let code = form.get("code").and_then(|code| lock(&state.sessions).take_code(code, state.clock.now()));
    let code = code.ok_or(Refused("invalid_grant", "expired authorization code"))?;
    if form.get("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err(Refused("redirect_uri_mismatch", "redirect_uri must match configuration"));
    }
    match (&code.challenge, form.get("code_verifier")) {
        (Some(_), None) => return Err(Refused("invalid_grant", "code verifier is missing")),
        (Some(challenge), Some(verifier)) if *challenge != challenge_of(verifier) => {
            return Err(Refused("invalid_request", "invalid code verifier"));
        }
        _ => {}
    }
    client::check_user(&state.read(), code.grant.user)?;
    let refresh =
        code.grant.allows("refresh_token").then(|| lock(&state.sessions).issue_refresh(code.grant.clone()));
    let mut answer = issue(state, &code.grant, refresh.as_deref());
    id_token::add(state, &code.grant, code.nonce.as_deref(), &mut answer);
    if let Some(refresh) = refresh {
        answer.shift_insert(1, "refresh_token".to_owned(), Json::String(refresh));
    }
    Ok(answer)
}

/// The challenge that a verifier belongs to.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkce_challenge_matches_rfc_7636() {
        let challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
