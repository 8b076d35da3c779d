//! The caller of the API: a workspace, by its key.

use crate::auth::api_scope::scope_of;
use crate::http::language::accepted_language;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use domain::value::{Language, WorkspaceId};
use storage::workspace::api_keys;
use storage::workspace::api_keys::KeyStatus;

/// Who calls, and in which language to answer.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The workspace to which the key belongs.
    pub workspace: WorkspaceId,
    /// The key, as the audit log and timelines name it.
    pub actor: String,
    /// The language of the answer.
    pub language: Language,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    /// Refuses keys that don't work, and calls for which a key has no scope.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let language = accepted_language(&parts.headers).unwrap_or_default();
        let unauthorized = || Problem::new(StatusCode::UNAUTHORIZED, "unauthorized");
        let secret = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| secret.trim())
            .ok_or_else(unauthorized)?;
        let hash = storage::secret::token_hash::of_token(secret);
        let found = api_keys::find(&state.database.read(), &hash, state.clock.now()).await?;
        let found = found.filter(|known| known.status == KeyStatus::Works).ok_or_else(unauthorized)?;
        let address = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let address = address.strip_prefix("/api/v1").unwrap_or(address);
        if !found.key.scopes.contains(&scope_of(&parts.method, address)) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "missing-scope"));
        }
        Ok(Self { workspace: found.workspace, actor: format!("api: {}", found.key.name), language })
    }
}
