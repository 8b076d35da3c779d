//! The read-only link to a router's draft, for colleagues who don't sign in.

use crate::state::AppState;
use domain::router::{Router, RouterLink};
use domain::value::{RouterId, Step, WorkspaceId};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use storage::StorageError;
use storage::router::routers;
use storage::workspace::audit;

const PLACE: &str = "router-link";
/// Days for which a link opens.
pub(crate) const LINK_DAYS: i64 = 30;
/// The longest token that is read.
const MAX_TOKEN: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct Token {
    workspace: WorkspaceId,
    router: RouterId,
    number: u32,
}

/// Makes a new link, or with `false` none; the one before opens nothing any more.
pub(crate) async fn renew(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    opens: bool,
    actor: &str,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let until = opens.then(|| now.plus_minutes(LINK_DAYS * 24 * 60));
    let write = state.database.write().await?;
    routers::renew_link(&write, workspace, router.id, until).await?;
    let code = if opens { "router-link-made" } else { "router-link-removed" };
    audit::record(&write, workspace, actor, &Step::new(code).with("router", &router.slug), now).await?;
    write.commit().await
}

/// The part of the address that opens a router's link; `None` if it has none, or it has expired.
pub(crate) fn token(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Option<String>, StorageError> {
    if !is_open(state, router.link) {
        return Ok(None);
    }
    let token = Token { workspace, router: router.id, number: router.link.number };
    let text = serde_json::to_string(&token).map_err(|_| StorageError::Secret)?;
    state.database.vault().seal(PLACE, &text).map(Some)
}

/// The router that a link opens; `None` if it is forged, ended or expired.
pub(crate) async fn find(
    state: &AppState,
    token: &str,
) -> Result<Option<(WorkspaceId, Router)>, StorageError> {
    if token.len() > MAX_TOKEN {
        return Ok(None);
    }
    let Ok(text) = state.database.vault().open(PLACE, token) else { return Ok(None) };
    let Ok(token) = serde_json::from_str::<Token>(text.expose_secret()) else { return Ok(None) };
    let found = routers::find(&state.database.read(), token.workspace, token.router).await?;
    let is_good = |router: &Router| router.link.number == token.number && is_open(state, router.link);
    Ok(found.filter(is_good).map(|router| (token.workspace, router)))
}

fn is_open(state: &AppState, link: RouterLink) -> bool {
    link.until.is_some_and(|until| until > state.clock.now())
}
