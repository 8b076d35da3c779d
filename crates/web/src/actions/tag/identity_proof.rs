//! The customer's own word that an address is its visitor's: an HMAC over the address (level 2 of identity).
//!
//! Their server makes it with the workspace's secret, which no page of the website ever holds.

use crate::state::AppState;
use domain::value::WorkspaceId;
use ring::hmac;

/// The secret of a workspace; another one once the server's first secret key is another.
pub(crate) fn secret(state: &AppState, workspace: WorkspaceId) -> String {
    state.database.vault().sign("tag-identity", &workspace.to_string())
}

/// Whether a proof, in hexadecimal digits, is of this address in lower case.
pub(crate) fn is_good(state: &AppState, workspace: WorkspaceId, email_key: &str, proof: &str) -> bool {
    let Some(proof) = bytes(proof) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret(state, workspace).as_bytes());
    hmac::verify(&key, email_key.as_bytes(), &proof).is_ok()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex {
        return None;
    }
    (0..32).map(|place| u8::from_str_radix(&hex[place * 2..place * 2 + 2], 16).ok()).collect()
}
