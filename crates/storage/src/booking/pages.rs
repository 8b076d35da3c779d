//! Booking pages.

use crate::database::statements::{Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::secret::token_hash;
use domain::booking::BookingPage;
use domain::value::{PageId, Timestamp, WorkspaceId};

/// Makes or saves a page; `false` when its team has another page with that slug.
pub async fn save(
    on: &impl Session,
    workspace: WorkspaceId,
    page: &BookingPage,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let taken = "SELECT page_id FROM booking_pages
        WHERE workspace_id = $1 AND team_id = $2 AND slug = $3 AND page_id <> $4";
    let at = vec![text(workspace), text(page.team), text(&page.slug), text(page.id)];
    if one(on, taken, at).await?.is_some() {
        return Ok(false);
    }
    let sql = "INSERT INTO booking_pages (workspace_id, page_id, team_id, slug, body, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace_id, page_id) DO UPDATE
        SET slug = excluded.slug, body = excluded.body, updated_at = excluded.updated_at";
    let values =
        vec![text(workspace), text(page.id), text(page.team), text(&page.slug), to_json(page)?, time(now)];
    execute(on, sql, values).await?;
    Ok(true)
}

/// What a page is like now, as a short text that is another one after any change; empty if it is gone.
pub async fn version(
    on: &impl Session,
    workspace: WorkspaceId,
    page: PageId,
) -> Result<String, StorageError> {
    let sql = "SELECT body FROM booking_pages WHERE workspace_id = $1 AND page_id = $2";
    let row = one(on, sql, vec![text(workspace), text(page)]).await?;
    let body: Option<String> = row.map(|row| row.get("body")).transpose()?;
    Ok(body.map(|body| token_hash::of_token(&body)).unwrap_or_default())
}

/// The same, while no one else can change the page before this transaction ends.
pub async fn locked_version(
    on: &crate::Write,
    workspace: WorkspaceId,
    page: PageId,
) -> Result<String, StorageError> {
    // Writing a row is a lock on both databases.
    let sql = "UPDATE booking_pages SET slug = slug WHERE workspace_id = $1 AND page_id = $2";
    execute(on, sql, vec![text(workspace), text(page)]).await?;
    version(on, workspace, page).await
}

/// A workspace's pages, by address.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<BookingPage>, StorageError> {
    let sql = "SELECT body FROM booking_pages WHERE workspace_id = $1 ORDER BY slug, page_id";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter().map(|row| row.json("booking_pages", "body")).collect()
}

/// A page by id.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    page: PageId,
) -> Result<Option<BookingPage>, StorageError> {
    let sql = "SELECT body FROM booking_pages WHERE workspace_id = $1 AND page_id = $2";
    let row = one(on, sql, vec![text(workspace), text(page)]).await?;
    row.map(|row| row.json("booking_pages", "body")).transpose()
}

/// A page by the two parts of its address.
pub async fn find_by_path(
    on: &impl Session,
    workspace: WorkspaceId,
    team_slug: &str,
    slug: &str,
) -> Result<Option<BookingPage>, StorageError> {
    let sql = "SELECT booking_pages.body FROM booking_pages JOIN teams
        ON teams.workspace_id = booking_pages.workspace_id AND teams.team_id = booking_pages.team_id
        WHERE booking_pages.workspace_id = $1 AND teams.slug = $2 AND booking_pages.slug = $3";
    let row = one(on, sql, vec![text(workspace), text(team_slug), text(slug)]).await?;
    row.map(|row| row.json("booking_pages", "body")).transpose()
}
