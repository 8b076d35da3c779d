//! Workspace-wide settings, one JSON body a name.

use crate::error::StorageError;
use crate::statements::{Session, execute, one, text, time, to_json};
use domain::id::WorkspaceId;
use domain::salesforce_settings::SalesforceSettings;
use domain::timestamp::Timestamp;

const SALESFORCE: &str = "salesforce";

/// The settings of what bookings do in Salesforce; the defaults when nothing was saved.
pub async fn salesforce(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<SalesforceSettings, StorageError> {
    let sql = "SELECT body FROM settings WHERE workspace_id = $1 AND name = $2";
    let row = one(on, sql, vec![text(workspace), text(SALESFORCE)]).await?;
    Ok(row.map(|row| row.json("settings", "body")).transpose()?.unwrap_or_default())
}

/// Saves them.
pub async fn save_salesforce(
    on: &impl Session,
    workspace: WorkspaceId,
    settings: &SalesforceSettings,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO settings (workspace_id, name, body, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at";
    execute(on, sql, vec![text(workspace), text(SALESFORCE), to_json(settings)?, time(now)]).await.map(drop)
}

/// Forgets the ToDo and campaign settings, as disconnecting does (C5); search order and rescue go with them.
pub async fn forget_salesforce(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "DELETE FROM settings WHERE workspace_id = $1 AND name = $2";
    execute(on, sql, vec![text(workspace), text(SALESFORCE)]).await.map(drop)
}
