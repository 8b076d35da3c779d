//! Who uses a list, deleting and searching it, as the console and the API both do it (G1).

use crate::state::AppState;
use domain::router::{ListEntry, LookupList, wanted_keys};
use domain::value::{Step, WorkspaceId};
use storage::StorageError;
use storage::router::{lists, routers};
use storage::workspace::audit;

/// The routers whose published charts ask a list.
pub(crate) async fn users(
    on: &impl storage::Session,
    workspace: WorkspaceId,
    slug: &str,
) -> Result<Vec<String>, StorageError> {
    let mut found = Vec::new();
    for router in routers::list(on, workspace).await? {
        let version = routers::find_version(on, workspace, router.id, router.published).await?;
        if version.is_some_and(|version| version.chart.lists().contains(slug)) {
            found.push(router.name);
        }
    }
    Ok(found)
}

/// What became of the wish to delete a list.
pub(crate) enum ListRemoved {
    /// It is gone.
    Removed,
    /// There was none.
    NotFound,
    /// Published charts of these routers ask it.
    InUse(Vec<String>),
}

/// Deletes a list that no published chart asks.
pub(crate) async fn remove(
    state: &AppState,
    workspace: WorkspaceId,
    slug: &str,
    actor: &str,
) -> Result<ListRemoved, StorageError> {
    let write = state.database.write().await?;
    let users = users(&write, workspace, slug).await?;
    if !users.is_empty() {
        return Ok(ListRemoved::InUse(users));
    }
    if !lists::remove(&write, workspace, slug).await? {
        return Ok(ListRemoved::NotFound);
    }
    let step = Step::new("list-removed").with("list", slug);
    audit::record(&write, workspace, actor, &step, state.clock.now()).await?;
    write.commit().await?;
    Ok(ListRemoved::Removed)
}

/// The row that a list has for what somebody looks for: an address, a domain or a 法人番号.
pub(crate) async fn search(
    state: &AppState,
    workspace: WorkspaceId,
    list: &LookupList,
    typed: &str,
) -> Result<Option<ListEntry>, StorageError> {
    let read = state.database.read();
    let keys = wanted_keys(list.kind, list.by, typed);
    lists::find_entry(&read, workspace, &list.slug, &keys).await
}
