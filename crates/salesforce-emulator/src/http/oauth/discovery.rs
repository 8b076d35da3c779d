//! `/.well-known/openid-configuration`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::http::oauth::id_token;
use crate::state::EmulatorState;

/// Where the endpoints are.
pub(in crate::http) async fn configuration(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    let base = &state.public_url;
    Json(json!({
        "issuer": base, "authorization_endpoint": format!("{base}/services/oauth2/authorize"),
        "token_endpoint": format!("{base}/services/oauth2/token"),
        "revocation_endpoint": format!("{base}/services/oauth2/revoke"),
        "userinfo_endpoint": format!("{base}/services/oauth2/userinfo"),
        "introspection_endpoint": format!("{base}/services/oauth2/introspect"),
        "jwks_uri": format!("{base}/id/keys"),
        "scopes_supported": ["api", "full", "id", "openid", "refresh_token", "web", "pardot_api"],
        "response_types_supported": ["code", "token"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

/// The keys id tokens are signed with.
pub(in crate::http) async fn keys() -> Json<Value> {
    Json(json!({"keys": id_token::public_key().into_iter().collect::<Vec<_>>()}))
}
