//! Pages of the website on which the tag was seen.

use crate::database::statements::{Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{Timestamp, WorkspaceId};

/// Pages that are remembered.
const MAX_PAGES: i64 = 5_000;

/// A page of the website.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSeen {
    /// Its site.
    pub origin: String,
    /// Its path.
    pub path: String,
    /// When the tag was last seen on it.
    pub last_seen_at: Timestamp,
}

/// Takes note that a page has the tag.
pub async fn note(
    on: &crate::Write,
    workspace: WorkspaceId,
    origin: &str,
    path: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE tag_pages_seen SET last_seen_at = $4
        WHERE workspace_id = $1 AND origin = $2 AND path = $3";
    let values = || vec![text(workspace), text(origin), text(path), time(now)];
    if execute(on, sql, values()).await? > 0 {
        return Ok(());
    }
    let sql = "SELECT path FROM tag_pages_seen WHERE workspace_id = $1 LIMIT 1 OFFSET $2";
    if one(on, sql, vec![text(workspace), (MAX_PAGES - 1).into()]).await?.is_some() {
        let sql =
            "DELETE FROM tag_pages_seen WHERE workspace_id = $1 AND (origin, path) IN (SELECT origin, path
            FROM tag_pages_seen WHERE workspace_id = $1 ORDER BY last_seen_at, origin, path LIMIT 1)";
        execute(on, sql, vec![text(workspace)]).await?;
    }
    let sql = "INSERT INTO tag_pages_seen (workspace_id, origin, path, first_seen_at, last_seen_at)
        VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (workspace_id, origin, path) DO UPDATE SET last_seen_at = excluded.last_seen_at";
    execute(on, sql, values()).await.map(drop)
}

/// Pages on which the tag was seen, the latest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<PageSeen>, StorageError> {
    let sql = "SELECT * FROM tag_pages_seen WHERE workspace_id = $1 ORDER BY last_seen_at DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    let read = |row: &crate::database::statements::Row| {
        Ok(PageSeen {
            origin: row.get("origin")?,
            path: row.get("path")?,
            last_seen_at: row.time("last_seen_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// When the tag was last seen on a page; `None` if never.
pub async fn last_seen(
    on: &impl Session,
    workspace: WorkspaceId,
    origin: &str,
    path: &str,
) -> Result<Option<Timestamp>, StorageError> {
    let sql = "SELECT last_seen_at FROM tag_pages_seen WHERE workspace_id = $1 AND origin = $2 AND path = $3";
    let row = one(on, sql, vec![text(workspace), text(origin), text(path)]).await?;
    row.map(|row| row.time("last_seen_at")).transpose()
}
