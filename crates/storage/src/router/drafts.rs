//! Former drafts of a router, so that changes can be undone.

use crate::database::statements::{Row, Session, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::router::Chart;
use domain::value::{RouterId, Timestamp, WorkspaceId};

const TABLE: &str = "router_drafts";
/// Former drafts that are kept of each router.
const MAX_DRAFTS: i64 = 50;

/// A draft that another one has replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct FormerDraft {
    /// Its version.
    pub version: u32,
    /// The chart.
    pub chart: Chart,
    /// Who replaced it.
    pub replaced_by: String,
    /// When.
    pub replaced_at: Timestamp,
}

/// Keeps the draft that was just replaced, and forgets the oldest ones.
pub async fn keep(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: RouterId,
    draft: &FormerDraft,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO router_drafts (workspace_id, router_id, draft_version, chart, replaced_by, replaced_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let values = vec![
        text(workspace),
        text(router),
        i64::from(draft.version).into(),
        to_json(&draft.chart)?,
        text(&draft.replaced_by),
        time(draft.replaced_at),
    ];
    execute(on, sql, values).await?;
    let sql = "DELETE FROM router_drafts WHERE workspace_id = $1 AND router_id = $2 AND draft_version <=
        (SELECT draft_version FROM router_drafts WHERE workspace_id = $1 AND router_id = $2
        ORDER BY draft_version DESC LIMIT 1 OFFSET $3)";
    execute(on, sql, vec![text(workspace), text(router), MAX_DRAFTS.into()]).await.map(drop)
}

/// The draft that was replaced last; `None` if there is nothing to undo.
pub async fn find_latest(
    on: &impl Session,
    workspace: WorkspaceId,
    router: RouterId,
) -> Result<Option<FormerDraft>, StorageError> {
    let sql = "SELECT * FROM router_drafts WHERE workspace_id = $1 AND router_id = $2
        ORDER BY draft_version DESC LIMIT 1";
    one(on, sql, vec![text(workspace), text(router)]).await?.as_ref().map(read).transpose()
}

/// Takes a former draft away, as it is the draft again.
pub async fn remove(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: RouterId,
    version: u32,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM router_drafts WHERE workspace_id = $1 AND router_id = $2 AND draft_version = $3";
    execute(on, sql, vec![text(workspace), text(router), i64::from(version).into()]).await.map(drop)
}

fn read(row: &Row) -> Result<FormerDraft, StorageError> {
    Ok(FormerDraft {
        version: u32::try_from(row.get::<i64>("draft_version")?).unwrap_or_default(),
        chart: row.json::<Chart>(TABLE, "chart")?,
        replaced_by: row.get("replaced_by")?,
        replaced_at: row.time("replaced_at")?,
    })
}
