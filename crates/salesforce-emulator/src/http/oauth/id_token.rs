//! Id tokens: the signed-in user, in a form that any client can verify.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Map, Value as Json, json};

use crate::sessions::Grant;
use crate::state::EmulatorState;

/// The key every emulated org signs with. It proves nothing, and is no secret.
const KEY: &[u8] = include_bytes!("id_token_key.der");
const KEY_ID: &str = "emulator";
/// Seconds an id token is good for.
const LIFE_SECONDS: i64 = 120;

/// Adds an id token to the answer of the token endpoint, if the client asked for one.
pub(super) fn add(state: &EmulatorState, grant: &Grant, nonce: Option<&str>, answer: &mut Map<String, Json>) {
    if !grant.scope.split_whitespace().any(|word| word == "openid") {
        return;
    }
    let access_token = answer.get("access_token").and_then(Json::as_str).unwrap_or_default();
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    let now = state.clock.now().as_second();
    let mut claims = json!({
        "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]), "sub": answer.get("id"),
        "aud": state.read().settings.app.key, "iss": state.public_url, "exp": now + LIFE_SECONDS, "iat": now,
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    if let Some(token) = sign(&claims) {
        answer.insert("id_token".to_owned(), Json::String(token));
    }
}

/// The public half of the key, as a JSON Web Key.
pub(super) fn public_key() -> Option<Json> {
    let key = RsaKeyPair::from_pkcs8(KEY).ok()?;
    let encode = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
    let parts: PublicKeyComponents<Vec<u8>> = key.public().into();
    let (n, e) = (encode(&parts.n), encode(&parts.e));
    Some(json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID, "n": n, "e": e}))
}

fn sign(claims: &Json) -> Option<String> {
    let key = RsaKeyPair::from_pkcs8(KEY).ok()?;
    let head = json!({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"});
    let text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(head.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
