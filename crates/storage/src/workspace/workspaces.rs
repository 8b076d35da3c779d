//! Workspaces: the customers of this server (Q2).

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{Language, Timestamp, WorkspaceId};

const TABLE: &str = "workspaces";

/// One customer of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name on the command line.
    pub slug: String,
    /// Its name on the screen.
    pub name: String,
    /// Its zone, for the day of a meeting (K2).
    pub time_zone: String,
    /// The language of what it writes to Salesforce.
    pub language: Language,
}

/// Makes a workspace.
pub async fn create(on: &impl Session, workspace: &Workspace, now: Timestamp) -> Result<(), StorageError> {
    let values = vec![
        text(workspace.id),
        text(&workspace.slug),
        text(&workspace.name),
        text(&workspace.time_zone),
        text(workspace.language.tag()),
        time(now),
    ];
    let sql = "INSERT INTO workspaces (workspace_id, slug, name, time_zone, language, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    execute(on, sql, values).await.map(drop)
}

/// Keeps others from changing a workspace's accounts until this transaction ends.
pub(crate) async fn lock(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    // Writing a row is a lock on both databases; on SQLite the transaction is one already.
    let sql = "UPDATE workspaces SET slug = slug WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace)]).await.map(drop)
}

/// A workspace by id.
pub async fn find(on: &impl Session, workspace: WorkspaceId) -> Result<Option<Workspace>, StorageError> {
    let row = one(on, "SELECT * FROM workspaces WHERE workspace_id = $1", vec![text(workspace)]).await?;
    row.as_ref().map(read).transpose()
}

/// A workspace by its name on the command line.
pub async fn find_by_slug(on: &impl Session, slug: &str) -> Result<Option<Workspace>, StorageError> {
    let row = one(on, "SELECT * FROM workspaces WHERE slug = $1", vec![text(slug)]).await?;
    row.as_ref().map(read).transpose()
}

/// Every workspace, the oldest first.
pub async fn list(on: &impl Session) -> Result<Vec<Workspace>, StorageError> {
    let rows = all(on, "SELECT * FROM workspaces ORDER BY created_at, workspace_id", Vec::new()).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Workspace, StorageError> {
    Ok(Workspace {
        id: row.parse(TABLE, "workspace_id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        time_zone: row.get("time_zone")?,
        language: row.word(TABLE, "language", Language::from_tag)?,
    })
}
