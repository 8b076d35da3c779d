//! How tokens and API keys are kept: never themselves, only their SHA-256.

use base64::Engine as _;

/// The form in which a random token is stored and looked up.
///
/// Tokens have 256 random bits, so a plain hash can't be reversed and looking it up leaks nothing.
pub fn of_token(token: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest)
}
