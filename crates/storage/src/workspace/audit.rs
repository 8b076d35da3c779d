//! Who changed what, and when (N3).

use crate::database::statements::{Session, all, execute, text, time};
use crate::error::StorageError;
use domain::value::{Step, Timestamp, WorkspaceId};

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who: an account's address, `api`, or `system`.
    pub actor: String,
    /// What; its sentence is in the catalogues under `audit-{code}`.
    pub action: Step,
}

/// Writes a line.
pub async fn record(
    on: &impl Session,
    workspace: WorkspaceId,
    actor: &str,
    action: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let data = crate::database::statements::to_json(&action.data)?;
    let id: uuid::Uuid = crate::ids::new(now);
    let values = vec![text(workspace), text(id), time(now), text(actor), text(&action.code), data];
    let sql = "INSERT INTO audit_log (workspace_id, entry_id, at, actor, action, data)
        VALUES ($1, $2, $3, $4, $5, $6)";
    execute(on, sql, values).await.map(drop)
}

/// The latest lines, the newest first.
pub async fn list(on: &impl Session, workspace: WorkspaceId, limit: u32) -> Result<Vec<Entry>, StorageError> {
    let sql = "SELECT * FROM audit_log WHERE workspace_id = $1 ORDER BY entry_id DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            let action = Step { code: row.get("action")?, data: row.json("audit_log", "data")? };
            Ok(Entry { at: row.time("at")?, actor: row.get("actor")?, action })
        })
        .collect()
}
