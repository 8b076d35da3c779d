//! Who is on the lists of Account Engagement, as far as rules name them: what is read, and what a run stages (E3).
//!
//! Every row belongs to a generation. Readers see the one that `engagement_caches` names; a run writes into the next
//! one, which becomes what is read in one transaction, so that a failed run leaves what there was.

use crate::database::statements::{Row, Session, Value, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::engagement::Memberships;
use domain::value::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

const TABLE: &str = "engagement_snapshots";
/// Rows deleted in one statement, so that other writers get their turn.
const DELETE_BATCH: i64 = 5_000;

/// What is kept of a workspace's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngagementSnapshot {
    /// The generation that is read.
    pub generation: i64,
    /// Whose lists, and which.
    pub body: SnapshotLists,
    /// When they were fetched.
    pub refreshed_at: Timestamp,
}

/// Which lists are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotLists {
    /// The business unit.
    pub business_unit_id: String,
    /// Its lists.
    pub lists: Vec<SnapshotList>,
}

/// One list that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotList {
    /// Its number.
    pub id: u64,
    /// Its name when it was fetched.
    pub name: String,
    /// Different e-mails on it.
    pub members: u64,
}

/// What is kept; `None` before the first refresh.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<EngagementSnapshot>, StorageError> {
    let row = one(on, "SELECT * FROM engagement_snapshots WHERE workspace_id = $1", vec![text(workspace)]);
    row.await?.as_ref().map(read).transpose()
}

/// The lists that hold an e-mail (its key, lower case); `None` when nothing was ever fetched.
///
/// One statement, so that a refresh that becomes visible meanwhile is seen whole or not at all.
pub async fn memberships(
    on: &impl Session,
    workspace: WorkspaceId,
    email_key: &str,
) -> Result<Option<Memberships>, StorageError> {
    let sql = "SELECT caches.*, members.list_id AS held_by FROM engagement_snapshots AS caches
        LEFT JOIN engagement_members AS members ON members.workspace_id = caches.workspace_id
            AND members.generation = caches.generation AND members.email_key = $2
        WHERE caches.workspace_id = $1";
    let rows = all(on, sql, vec![text(workspace), text(email_key)]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let body = read(first)?.body;
    let mut holding = Vec::new();
    for row in &rows {
        if let Some(list) = row.get::<Option<i64>>("held_by")? {
            holding.push(list.unsigned_abs());
        }
    }
    Ok(Some(Memberships {
        business_unit_id: body.business_unit_id,
        kept: body.lists.iter().map(|list| list.id).collect(),
        holding,
    }))
}

/// Stages members of a list by their e-mails' keys; one that is staged already stays one.
pub async fn stage(
    on: &crate::Write,
    workspace: WorkspaceId,
    generation: i64,
    list_id: u64,
    email_keys: &[String],
) -> Result<(), StorageError> {
    if email_keys.is_empty() {
        return Ok(());
    }
    let keys: Vec<[&str; 1]> = email_keys.iter().map(|key| [key.as_str()]).collect();
    let sql = format!(
        "INSERT INTO engagement_members (workspace_id, generation, email_key, list_id)
            SELECT $1, $2, value ->> 0, $3 FROM {} WHERE true
            ON CONFLICT (workspace_id, generation, email_key, list_id) DO NOTHING",
        on.dialect.json_rows("$4")
    );
    let list_id = i64::try_from(list_id).unwrap_or(i64::MAX);
    let values = vec![text(workspace), generation.into(), list_id.into(), to_json(&keys)?];
    execute(on, &sql, values).await.map(drop)
}

/// Different e-mails of each list in a generation.
pub async fn count(
    on: &impl Session,
    workspace: WorkspaceId,
    generation: i64,
) -> Result<Vec<(u64, u64)>, StorageError> {
    let sql = "SELECT list_id, COUNT(*) AS members FROM engagement_members
        WHERE workspace_id = $1 AND generation = $2 GROUP BY list_id";
    let rows = all(on, sql, vec![text(workspace), generation.into()]).await?;
    let number = |row: &Row, column: &str| row.get::<i64>(column).map(i64::unsigned_abs);
    rows.iter().map(|row| Ok((number(row, "list_id")?, number(row, "members")?))).collect()
}

/// Says what is read from now on.
pub async fn publish(
    on: &crate::Write,
    workspace: WorkspaceId,
    cache: &EngagementSnapshot,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO engagement_snapshots (workspace_id, generation, body, refreshed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id) DO UPDATE SET generation = excluded.generation, body = excluded.body,
            refreshed_at = excluded.refreshed_at";
    let values =
        vec![text(workspace), cache.generation.into(), to_json(&cache.body)?, time(cache.refreshed_at)];
    execute(on, sql, values).await.map(drop)
}

/// Deletes some rows of generations that were read once; `true` while there may be more.
pub async fn delete_older(
    on: &crate::Write,
    workspace: WorkspaceId,
    read_generation: i64,
) -> Result<bool, StorageError> {
    let sql = "SELECT generation FROM engagement_members WHERE workspace_id = $1 AND generation < $2 LIMIT 1";
    delete_batch(on, workspace, one(on, sql, vec![text(workspace), read_generation.into()]).await?).await
}

/// Deletes some rows that runs staged and never published; `true` while there may be more.
///
/// Only for a run that holds its claim: the rows of another one at work would go too.
pub async fn delete_staged(
    on: &crate::Write,
    workspace: WorkspaceId,
    read_generation: i64,
) -> Result<bool, StorageError> {
    let sql = "SELECT generation FROM engagement_members WHERE workspace_id = $1 AND generation > $2 LIMIT 1";
    delete_batch(on, workspace, one(on, sql, vec![text(workspace), read_generation.into()]).await?).await
}

async fn delete_batch(
    on: &crate::Write,
    workspace: WorkspaceId,
    found: Option<Row>,
) -> Result<bool, StorageError> {
    let Some(row) = found else { return Ok(false) };
    let old: i64 = row.get("generation")?;
    let with = |more: Vec<Value>| std::iter::once(text(workspace)).chain(more).collect::<Vec<_>>();
    let sql = "SELECT email_key FROM engagement_members WHERE workspace_id = $1 AND generation = $2
        ORDER BY email_key LIMIT 1 OFFSET $3";
    let last = one(on, sql, with(vec![old.into(), DELETE_BATCH.into()])).await?;
    let mut sql = "DELETE FROM engagement_members WHERE workspace_id = $1 AND generation = $2".to_owned();
    let mut values = with(vec![old.into()]);
    if let Some(row) = last {
        // Up to and with this e-mail: one that is on very many lists can't keep the sweep on the spot.
        sql += " AND email_key <= $3";
        values.push(text(row.get::<String>("email_key")?));
    }
    execute(on, &sql, values).await.map(|_| true)
}

fn read(row: &Row) -> Result<EngagementSnapshot, StorageError> {
    Ok(EngagementSnapshot {
        generation: row.get("generation")?,
        body: row.json(TABLE, "body")?,
        refreshed_at: row.time("refreshed_at")?,
    })
}
