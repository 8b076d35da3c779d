//! Routers and their published versions.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::router::{Chart, Router, RouterLink, RouterVersion};
use domain::value::{RouterId, Timestamp, WorkspaceId};

const TABLE: &str = "routers";

/// What became of saving a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouterSaved {
    /// It is saved.
    Saved,
    /// Another router of the server has that address.
    SlugTaken,
    /// Somebody has saved the draft since the version on which the change is based.
    ChangedMeanwhile,
}

/// Keeps a new router.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<RouterSaved, StorageError> {
    let sql = "INSERT INTO routers (workspace_id, router_id, slug, name, draft, draft_version, published, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7) ON CONFLICT (slug) DO NOTHING";
    let values = vec![
        text(workspace),
        text(router.id),
        text(&router.slug),
        text(&router.name),
        to_json(&router.draft)?,
        i64::from(router.draft_version).into(),
        time(router.updated_at),
    ];
    Ok(if execute(on, sql, values).await? == 1 { RouterSaved::Saved } else { RouterSaved::SlugTaken })
}

/// Saves name, address and draft over the draft of version `seen`.
pub async fn save_draft(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: &Router,
    seen: u32,
) -> Result<RouterSaved, StorageError> {
    let taken = "SELECT router_id FROM routers WHERE slug = $1 AND router_id <> $2";
    if one(on, taken, vec![text(&router.slug), text(router.id)]).await?.is_some() {
        return Ok(RouterSaved::SlugTaken);
    }
    let sql = "UPDATE routers SET slug = $4, name = $5, draft = $6, draft_version = $7, updated_at = $8
        WHERE workspace_id = $1 AND router_id = $2 AND draft_version = $3";
    let values = vec![
        text(workspace),
        text(router.id),
        i64::from(seen).into(),
        text(&router.slug),
        text(&router.name),
        to_json(&router.draft)?,
        i64::from(router.draft_version).into(),
        time(router.updated_at),
    ];
    let is_saved = execute(on, sql, values).await? == 1;
    Ok(if is_saved { RouterSaved::Saved } else { RouterSaved::ChangedMeanwhile })
}

/// Publishes the draft of version `seen`; the number of the new version, or nothing if the draft has changed since.
pub async fn publish(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: &Router,
    actor: &str,
    now: Timestamp,
) -> Result<Option<u32>, StorageError> {
    let latest = "SELECT COALESCE(MAX(version), 0) AS version FROM router_versions
        WHERE workspace_id = $1 AND router_id = $2";
    let found = one(on, latest, vec![text(workspace), text(router.id)]).await?;
    let version = found.map_or(Ok(0), |row| row.get::<i64>("version"))? + 1;
    let sql = "UPDATE routers SET published = $4, updated_at = $5
        WHERE workspace_id = $1 AND router_id = $2 AND draft_version = $3 AND archived_at IS NULL";
    let values = vec![
        text(workspace),
        text(router.id),
        i64::from(router.draft_version).into(),
        version.into(),
        time(now),
    ];
    if execute(on, sql, values).await? == 0 {
        return Ok(None);
    }
    let sql =
        "INSERT INTO router_versions (workspace_id, router_id, version, chart, published_at, published_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let values = vec![
        text(workspace),
        text(router.id),
        version.into(),
        to_json(&router.draft)?,
        time(now),
        text(actor),
    ];
    execute(on, sql, values).await?;
    Ok(u32::try_from(version).ok())
}

/// Puts a router away, or takes it out again with `None`.
pub async fn set_archived(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: RouterId,
    since: Option<Timestamp>,
) -> Result<(), StorageError> {
    let sql = "UPDATE routers SET archived_at = $3 WHERE workspace_id = $1 AND router_id = $2";
    execute(on, sql, vec![text(workspace), text(router), since.map(Timestamp::microseconds).into()])
        .await
        .map(drop)
}

/// Ends the read-only link and, with a time, makes a new one that opens until then.
pub async fn renew_link(
    on: &crate::Write,
    workspace: WorkspaceId,
    router: RouterId,
    until: Option<Timestamp>,
) -> Result<(), StorageError> {
    let sql = "UPDATE routers SET link_number = link_number + 1, link_until = $3
        WHERE workspace_id = $1 AND router_id = $2";
    execute(on, sql, vec![text(workspace), text(router), until.map(Timestamp::microseconds).into()])
        .await
        .map(drop)
}

/// A workspace's routers, by name.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<Router>, StorageError> {
    let sql = "SELECT * FROM routers WHERE workspace_id = $1 ORDER BY name, router_id";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

/// A router of a workspace by its part of the address.
pub async fn find_by_slug(
    on: &impl Session,
    workspace: WorkspaceId,
    slug: &str,
) -> Result<Option<Router>, StorageError> {
    let sql = "SELECT * FROM routers WHERE workspace_id = $1 AND slug = $2";
    one(on, sql, vec![text(workspace), text(slug)]).await?.as_ref().map(read).transpose()
}

/// A router of a workspace by its ID.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    router: RouterId,
) -> Result<Option<Router>, StorageError> {
    let sql = "SELECT * FROM routers WHERE workspace_id = $1 AND router_id = $2";
    one(on, sql, vec![text(workspace), text(router)]).await?.as_ref().map(read).transpose()
}

/// The workspace of the router with this address; visitors begin here.
pub async fn find_workspace(on: &impl Session, slug: &str) -> Result<Option<WorkspaceId>, StorageError> {
    let row = one(on, "SELECT workspace_id FROM routers WHERE slug = $1", vec![text(slug)]).await?;
    row.map(|row| row.parse(TABLE, "workspace_id")).transpose()
}

/// A published version of a router.
pub async fn find_version(
    on: &impl Session,
    workspace: WorkspaceId,
    router: RouterId,
    version: u32,
) -> Result<Option<RouterVersion>, StorageError> {
    let sql = "SELECT * FROM router_versions WHERE workspace_id = $1 AND router_id = $2 AND version = $3";
    let values = vec![text(workspace), text(router), i64::from(version).into()];
    one(on, sql, values).await?.as_ref().map(read_version).transpose()
}

/// A router's published versions, the latest first.
pub async fn versions(
    on: &impl Session,
    workspace: WorkspaceId,
    router: RouterId,
    limit: u32,
) -> Result<Vec<RouterVersion>, StorageError> {
    let sql = "SELECT * FROM router_versions WHERE workspace_id = $1 AND router_id = $2
        ORDER BY version DESC LIMIT $3";
    let values = vec![text(workspace), text(router), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read_version).collect()
}

fn read(row: &Row) -> Result<Router, StorageError> {
    Ok(Router {
        id: row.parse(TABLE, "router_id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        draft: row.json::<Chart>(TABLE, "draft")?,
        draft_version: number(row, "draft_version")?,
        published: number(row, "published")?,
        updated_at: row.time("updated_at")?,
        archived_at: row.optional_time("archived_at")?,
        link: RouterLink { number: number(row, "link_number")?, until: row.optional_time("link_until")? },
    })
}

fn read_version(row: &Row) -> Result<RouterVersion, StorageError> {
    Ok(RouterVersion {
        version: number(row, "version")?,
        chart: row.json::<Chart>("router_versions", "chart")?,
        published_at: row.time("published_at")?,
        published_by: row.get("published_by")?,
    })
}

fn number(row: &Row, column: &str) -> Result<u32, StorageError> {
    Ok(u32::try_from(row.get::<i64>(column)?).unwrap_or_default())
}
