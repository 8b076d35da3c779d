//! The caller of the API: a workspace, by its key.

use crate::http::language::accepted_language;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use domain::value::{Language, WorkspaceId};

/// Who calls, and in which language to answer.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The workspace to which the key belongs.
    pub workspace: WorkspaceId,
    /// The language of the answer.
    pub language: Language,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let language = accepted_language(&parts.headers).unwrap_or_default();
        let unauthorized = || Problem::new(StatusCode::UNAUTHORIZED, "unauthorized");
        let key = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, key)| key.trim())
            .ok_or_else(unauthorized)?;
        let hash = storage::secret::token_hash::of_token(key);
        let found = storage::workspace::api_keys::find_workspace(&state.database.read(), &hash).await;
        let workspace = found?.ok_or_else(unauthorized)?;
        Ok(Self { workspace, language })
    }
}
