//! Messages to the people of a workspace (N1).

use crate::error::StorageError;
use crate::statements::{Session, all, execute, one, text, time, to_json};
use crate::{notice_deliveries, notification_settings};
use domain::explanation::Step;
use domain::id::WorkspaceId;
use domain::notice::Notice;
use domain::notification::NotificationEvent;
use domain::timestamp::Timestamp;

/// Stores a message for the console and for every channel that is on for its event.
///
/// Called in the transaction of what happened, so that neither is there without the other.
pub async fn post(
    on: &impl Session,
    workspace: WorkspaceId,
    message: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(event) = NotificationEvent::of(message) else {
        return show(on, workspace, message, now).await;
    };
    let settings = notification_settings::find(on, workspace).await?;
    if settings.in_app.events.contains(&event) {
        show(on, workspace, message, now).await?;
    }
    notice_deliveries::leave(on, workspace, event, message, &settings, now).await
}

/// Leaves a message unless one of its code was left that day (`2026-05-22`) already.
pub async fn post_once_a_day(
    on: &crate::Write,
    workspace: WorkspaceId,
    message: &Step,
    day: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO notice_days (workspace_id, code, day) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, code) DO UPDATE SET day = excluded.day WHERE notice_days.day <> excluded.day";
    let first = execute(on, sql, vec![text(workspace), text(&message.code), text(day)]).await? == 1;
    if first { post(on, workspace, message, now).await } else { Ok(()) }
}

async fn show(
    on: &impl Session,
    workspace: WorkspaceId,
    message: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id: uuid::Uuid = crate::ids::new(now);
    let values = vec![text(workspace), text(id), to_json(message)?, time(now), false.into()];
    let sql =
        "INSERT INTO notices (workspace_id, notice_id, message, at, is_read) VALUES ($1, $2, $3, $4, $5)";
    execute(on, sql, values).await.map(drop)
}

/// The latest messages, the newest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Notice>, StorageError> {
    let sql = "SELECT * FROM notices WHERE workspace_id = $1 ORDER BY notice_id DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Notice {
                id: row.parse("notices", "notice_id")?,
                message: row.json("notices", "message")?,
                at: row.time("at")?,
                read: row.get("is_read")?,
            })
        })
        .collect()
}

/// The number of unread messages.
pub async fn count_unread(on: &impl Session, workspace: WorkspaceId) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM notices WHERE workspace_id = $1 AND is_read = $2";
    one(on, sql, vec![text(workspace), false.into()]).await?.map_or(Ok(0), |row| row.get("n"))
}

/// Marks every message as seen.
pub async fn mark_read(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "UPDATE notices SET is_read = $2 WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace), true.into()]).await.map(drop)
}
