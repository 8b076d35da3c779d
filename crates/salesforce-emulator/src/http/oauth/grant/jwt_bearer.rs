//! An assertion that the client signed with its private key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Map, Value as Json};

use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::issue::issue;
use crate::sessions::Grant;
use crate::state::EmulatorState;

/// Numbers above this are milliseconds; some clients send those.
const SECONDS_END: f64 = 1e11;
/// What this flow does not tell.
const LEFT_OUT: [&str; 2] = ["signature", "issued_at"];

/// Signs the user in whom the assertion names.
///
/// While the app has no public key, any RS256 signature is taken.
pub(in crate::http::oauth) fn jwt_bearer(
    state: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    let malformed = || Refused("invalid_grant", "invalid assertion");
    let assertion = form.get("assertion").ok_or_else(malformed)?;
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let (header, claims) = signed.split_once('.').ok_or_else(malformed)?;
    let decode = |part: &str| -> Option<Json> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?).ok()
    };
    let (header, claims) = (decode(header).ok_or_else(malformed)?, decode(claims).ok_or_else(malformed)?);
    let signature = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).map_err(|_| malformed())?;
    if header["alg"] != "RS256" || signature.is_empty() {
        return Err(malformed());
    }
    let user = {
        let org = state.read();
        let app = &org.settings.app;
        client::check_key(app, claims["iss"].as_str().unwrap_or_default())?;
        if let Some(key) = &app.public_key {
            let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
            key.verify(signed.as_bytes(), &signature).map_err(|_| malformed())?;
        }
        if !audience_is_us(state, &claims["aud"]) {
            return Err(Refused("invalid_grant", "audience is invalid"));
        }
        if !in_time(&claims["exp"], state.clock.now().as_second()) {
            return Err(Refused("invalid_grant", "expired authorization code"));
        }
        let user = claims["sub"].as_str().and_then(|name| org.user_named(name));
        let user = user.filter(|_| app.admin_approved);
        let user = user.ok_or(Refused("invalid_grant", "user hasn't approved this consumer"))?;
        client::check_user(&org, user)?;
        user
    };
    let mut answer = issue(state, &Grant { user, scope: "pardot_api api id web".to_owned() }, None);
    answer.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
    Ok(answer)
}

fn audience_is_us(state: &EmulatorState, audience: &Json) -> bool {
    let known = |audience: &Json| {
        let audience = audience.as_str().unwrap_or_default().trim_end_matches('/');
        let host = audience.trim_end_matches("/services/oauth2/token");
        let salesforce = host.strip_prefix("https://").is_some_and(|host| host.ends_with(".salesforce.com"));
        salesforce
            || host == state.public_url
            || host == state.base_url
            || is_same_port(host, &state.base_url)
    };
    audience.as_array().map_or_else(|| known(audience), |several| several.iter().any(known))
}

/// `localhost` and `127.0.0.1` are the same to a client, if not to a string.
fn is_same_port(left: &str, right: &str) -> bool {
    let port =
        |url: &str| url::Url::parse(url).ok().and_then(|url| Some((url.host_str()?.to_owned(), url.port()?)));
    let loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match (port(left), port(right)) {
        (Some((host, left)), Some((_, right))) => loopback(&host) && left == right,
        _ => false,
    }
}

fn in_time(expires: &Json, now: i64) -> bool {
    let number = expires.as_f64().or_else(|| expires.as_str()?.parse().ok());
    let seconds = number.map(|number| if number > SECONDS_END { number / 1000.0 } else { number });
    seconds.is_some_and(|seconds| seconds > now as f64)
}
