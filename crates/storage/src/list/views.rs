//! Saved views of lists: a name for what someone asks of a list.

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{AccountId, SavedViewId, Timestamp, WorkspaceId};

const TABLE: &str = "saved_views";
/// Views that one person may have of one list.
const MOST: i64 = 30;

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its ID.
    pub id: SavedViewId,
    /// Whose it is.
    pub account: AccountId,
    /// The list's name.
    pub list: String,
    /// What people call it.
    pub name: String,
    /// What is asked of the list, as its address holds it.
    pub query: String,
    /// Everybody in the workspace sees it.
    pub is_shared: bool,
}

/// Stores a view; `false` when the person has too many of this list.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    view: &SavedView,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let own = vec![text(workspace), text(view.account), text(&view.list)];
    // Removed views can be brought back for a day.
    let gone = "DELETE FROM saved_views WHERE workspace_id = $1 AND removed_at > 0 AND removed_at < $2";
    execute(on, gone, vec![text(workspace), time(now.plus_minutes(-24 * 60))]).await?;
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM saved_views
        WHERE workspace_id = $1 AND account_id = $2 AND list = $3 AND removed_at = 0";
    if one(on, sql, own).await?.map_or(Ok(0), |row| row.get::<i64>("n"))? >= MOST {
        return Ok(false);
    }
    let sql = "INSERT INTO saved_views
        (workspace_id, saved_view_id, account_id, list, name, query, is_shared, removed_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)";
    let values = vec![
        text(workspace),
        text(view.id),
        text(view.account),
        text(&view.list),
        text(&view.name),
        text(&view.query),
        view.is_shared.into(),
        time(now),
    ];
    execute(on, sql, values).await.map(|_| true)
}

/// A person's views of a list and those that are shared, by name.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    account: AccountId,
    list: &str,
) -> Result<Vec<SavedView>, StorageError> {
    let sql = "SELECT * FROM saved_views WHERE workspace_id = $1 AND list = $2 AND removed_at = 0
            AND (account_id = $3 OR is_shared = $4)
        ORDER BY name, saved_view_id LIMIT 200";
    let rows = all(on, sql, vec![text(workspace), text(list), text(account), true.into()]).await?;
    rows.iter().map(read).collect()
}

/// A view of a person, removed or not.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    account: AccountId,
    view: SavedViewId,
) -> Result<Option<SavedView>, StorageError> {
    let sql = "SELECT * FROM saved_views WHERE workspace_id = $1 AND account_id = $2 AND saved_view_id = $3";
    one(on, sql, vec![text(workspace), text(account), text(view)]).await?.as_ref().map(read).transpose()
}

/// Takes a view away, so that it can still be brought back; or brings it back, when `at` is `None`.
pub async fn remove(
    on: &crate::Write,
    workspace: WorkspaceId,
    account: AccountId,
    view: SavedViewId,
    at: Option<Timestamp>,
) -> Result<(), StorageError> {
    let sql = "UPDATE saved_views SET removed_at = $4
        WHERE workspace_id = $1 AND account_id = $2 AND saved_view_id = $3";
    let at = at.map_or(0, Timestamp::microseconds);
    execute(on, sql, vec![text(workspace), text(account), text(view), at.into()]).await.map(drop)
}

fn read(row: &Row) -> Result<SavedView, StorageError> {
    Ok(SavedView {
        id: row.parse(TABLE, "saved_view_id")?,
        account: row.parse(TABLE, "account_id")?,
        list: row.get("list")?,
        name: row.get("name")?,
        query: row.get("query")?,
        is_shared: row.get("is_shared")?,
    })
}
