//! Page tokens, made with the configuration and verified with each report.

use crate::state::AppState;
use domain::tag::{PageToken, SiteOrigin};

const PURPOSE: &str = "tag-page";

/// A new token for a page of a site.
pub(crate) fn make(state: &AppState, key: &str, origin: Option<&SiteOrigin>) -> String {
    let nonce = storage::ids::new_secret().chars().take(16).collect();
    let token = PageToken { at: state.clock.now(), nonce };
    let signed = token.signed_text(key, origin.map_or("", SiteOrigin::as_str));
    token.write(&state.database.vault().sign(PURPOSE, &signed))
}

/// Whether a token was made here for this key and site within the last day. Without a site there is none.
pub(crate) fn is_good(state: &AppState, key: &str, origin: Option<&SiteOrigin>, token: &str) -> bool {
    let (Some(origin), Some((token, signature))) = (origin, PageToken::read(token)) else { return false };
    let signed = token.signed_text(key, origin.as_str());
    token.is_good_at(state.clock.now()) && state.database.vault().verify(PURPOSE, &signed, signature)
}
