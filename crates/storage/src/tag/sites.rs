//! Websites from which the tag reported something, allowed or not.

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{Timestamp, WorkspaceId};

/// Websites that are remembered; strangers name them, so that there has to be an end.
const MAX_SITES: i64 = 300;

/// A website.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSeen {
    /// Its origin.
    pub origin: String,
    /// When something first came from it.
    pub first_seen_at: Timestamp,
    /// When something last came from it.
    pub last_seen_at: Timestamp,
    /// Attempts and conversions.
    pub submissions: i64,
}

/// Takes note that a site has the tag, and of as many new submissions.
pub async fn note(
    on: &crate::Write,
    workspace: WorkspaceId,
    origin: &str,
    submissions: i64,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE tag_sites SET last_seen_at = $3, submissions = submissions + $4
        WHERE workspace_id = $1 AND origin = $2";
    let values = || vec![text(workspace), text(origin), time(now), submissions.into()];
    if execute(on, sql, values()).await? > 0 {
        return Ok(());
    }
    let sql = "SELECT origin FROM tag_sites WHERE workspace_id = $1 LIMIT 1 OFFSET $2";
    if one(on, sql, vec![text(workspace), (MAX_SITES - 1).into()]).await?.is_some() {
        let sql = "DELETE FROM tag_sites WHERE workspace_id = $1 AND origin IN (SELECT origin FROM tag_sites
            WHERE workspace_id = $1 ORDER BY last_seen_at, origin LIMIT 1)";
        execute(on, sql, vec![text(workspace)]).await?;
    }
    let sql = "INSERT INTO tag_sites (workspace_id, origin, first_seen_at, last_seen_at, submissions)
        VALUES ($1, $2, $3, $3, $4)
        ON CONFLICT (workspace_id, origin) DO UPDATE
        SET last_seen_at = excluded.last_seen_at, submissions = tag_sites.submissions + excluded.submissions";
    execute(on, sql, values()).await.map(drop)
}

/// The sites, the latest seen first.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<SiteSeen>, StorageError> {
    let sql = "SELECT * FROM tag_sites WHERE workspace_id = $1 ORDER BY last_seen_at DESC, origin";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<SiteSeen, StorageError> {
    Ok(SiteSeen {
        origin: row.get("origin")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
        submissions: row.get("submissions")?,
    })
}
