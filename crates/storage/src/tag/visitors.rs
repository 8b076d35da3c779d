//! Browsers with an ID, of which only the hash is kept, and the addresses that were typed in them.

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{Timestamp, WorkspaceId};

/// A browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The hash of its ID.
    pub hash: String,
    /// The address typed in it; empty if none was.
    pub email_key: String,
    /// How sure the address is; 0 if there is none.
    pub level: i64,
    /// When the address was typed.
    pub identified_at: Timestamp,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// The page on which it was last seen.
    pub last_url: String,
}

/// Takes note that a visitor came to a page; new ones too, so that known and unknown IDs take the same time.
pub async fn see(
    on: &crate::Write,
    workspace: WorkspaceId,
    hash: &str,
    url: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO visitors (workspace_id, visitor_hash, email_key, level, identified_at, first_seen_at,
            last_seen_at, last_url)
        VALUES ($1, $2, '', 0, 0, $3, $3, $4)
        ON CONFLICT (workspace_id, visitor_hash) DO UPDATE
        SET last_seen_at = excluded.last_seen_at, last_url = excluded.last_url";
    execute(on, sql, vec![text(workspace), text(hash), time(now), text(url)]).await.map(drop)
}

/// Says whose address was typed in a browser; a level only rises while the address stays.
pub async fn identify(
    on: &crate::Write,
    workspace: WorkspaceId,
    hash: &str,
    email_key: &str,
    level: i64,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO visitors (workspace_id, visitor_hash, email_key, level, identified_at, first_seen_at,
            last_seen_at, last_url)
        VALUES ($1, $2, $3, $4, $5, $5, $5, '')
        ON CONFLICT (workspace_id, visitor_hash) DO UPDATE SET
            identified_at = CASE WHEN visitors.email_key = excluded.email_key THEN visitors.identified_at
                ELSE excluded.identified_at END,
            level = CASE WHEN visitors.email_key = excluded.email_key AND visitors.level > excluded.level
                THEN visitors.level ELSE excluded.level END,
            email_key = excluded.email_key, last_seen_at = excluded.last_seen_at";
    let values = vec![text(workspace), text(hash), text(email_key), level.into(), time(now)];
    execute(on, sql, values).await.map(drop)
}

/// A browser by the hash of its ID.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    hash: &str,
) -> Result<Option<Visitor>, StorageError> {
    let sql = "SELECT * FROM visitors WHERE workspace_id = $1 AND visitor_hash = $2";
    one(on, sql, vec![text(workspace), text(hash)]).await?.as_ref().map(read).transpose()
}

/// Browsers in which an address was typed, the latest seen first.
pub async fn of_address(
    on: &impl Session,
    workspace: WorkspaceId,
    email_key: &str,
    limit: u32,
) -> Result<Vec<Visitor>, StorageError> {
    let sql = "SELECT * FROM visitors WHERE workspace_id = $1 AND email_key = $2
        ORDER BY last_seen_at DESC, visitor_hash LIMIT $3";
    let values = vec![text(workspace), text(email_key), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

/// Addresses typed in a browser since a moment.
pub async fn addresses_since(
    on: &impl Session,
    workspace: WorkspaceId,
    hash: &str,
    since: Timestamp,
) -> Result<Vec<String>, StorageError> {
    let sql = "SELECT email_key FROM visitor_addresses
        WHERE workspace_id = $1 AND visitor_hash = $2 AND typed_at >= $3";
    let rows = all(on, sql, vec![text(workspace), text(hash), time(since)]).await?;
    rows.iter().map(|row| row.get("email_key")).collect()
}

/// Takes note that an address was typed in a browser.
pub async fn note_address(
    on: &crate::Write,
    workspace: WorkspaceId,
    hash: &str,
    email_key: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO visitor_addresses (workspace_id, visitor_hash, email_key, typed_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, visitor_hash, email_key) DO UPDATE SET typed_at = excluded.typed_at";
    execute(on, sql, vec![text(workspace), text(hash), text(email_key), time(now)]).await.map(drop)
}

/// Deletes what belongs to a browser. What was sent by a form stays, without a link to the browser.
pub async fn forget(on: &crate::Write, workspace: WorkspaceId, hash: &str) -> Result<(), StorageError> {
    for sql in [
        "DELETE FROM visitors WHERE workspace_id = $1 AND visitor_hash = $2",
        "DELETE FROM visitor_addresses WHERE workspace_id = $1 AND visitor_hash = $2",
        "UPDATE conversions SET visitor_hash = '' WHERE workspace_id = $1 AND visitor_hash = $2",
        "UPDATE tag_offers SET visitor_hash = '', email_key = '' WHERE workspace_id = $1 AND visitor_hash = $2",
    ] {
        execute(on, sql, vec![text(workspace), text(hash)]).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Visitor, StorageError> {
    Ok(Visitor {
        hash: row.get("visitor_hash")?,
        email_key: row.get("email_key")?,
        level: row.get("level")?,
        identified_at: row.time("identified_at")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
        last_url: row.get("last_url")?,
    })
}
