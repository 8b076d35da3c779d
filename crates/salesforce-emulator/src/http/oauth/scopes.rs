//! The scopes of tokens.

/// Scopes given when the client names none.
pub(super) const ALL_SCOPES: &str = "refresh_token pardot_api api id web";
