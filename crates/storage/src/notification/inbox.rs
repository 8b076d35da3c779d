//! Messages to the people of a workspace (N1).

use crate::database::statements::{Row, Session, all, execute, one, placeholders, text, time, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort};
use crate::notification::{outbox, settings};
use domain::list::{Direction, Position};
use domain::notification::{InboxMessage, Notice};
use domain::value::{InboxMessageId, Timestamp, WorkspaceId};

/// Stores a message for the console and for every channel that is on for its event.
///
/// Called in the transaction of what happened, so that neither is there without the other.
pub async fn publish(
    on: &impl Session,
    workspace: WorkspaceId,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(event) = notice.kind.event() else {
        return insert(on, workspace, notice, now).await;
    };
    let settings = settings::find(on, workspace).await?;
    if settings.in_app.events.contains(&event) {
        insert(on, workspace, notice, now).await?;
    }
    outbox::enqueue(on, workspace, event, notice, &settings, now).await
}

/// Leaves a message unless one of its code was left that day (`2026-05-22`) already.
pub async fn publish_once_a_day(
    on: &crate::Write,
    workspace: WorkspaceId,
    notice: &Notice,
    day: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO inbox_days (workspace_id, kind, day) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, kind) DO UPDATE SET day = excluded.day WHERE inbox_days.day <> excluded.day";
    let first = execute(on, sql, vec![text(workspace), text(notice.kind.name()), text(day)]).await? == 1;
    if first { publish(on, workspace, notice, now).await } else { Ok(()) }
}

async fn insert(
    on: &impl Session,
    workspace: WorkspaceId,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id: uuid::Uuid = crate::ids::new(now);
    let values =
        vec![text(workspace), text(id), text(notice.kind.name()), to_json(notice)?, time(now), false.into()];
    let sql = "INSERT INTO inbox_messages (workspace_id, inbox_message_id, kind, notice, at, is_read)
        VALUES ($1, $2, $3, $4, $5, $6)";
    execute(on, sql, values).await.map(drop)
}

/// The latest messages, the newest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<InboxMessage>, StorageError> {
    let sql = "SELECT * FROM inbox_messages WHERE workspace_id = $1 ORDER BY inbox_message_id DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// The unread messages, the newest first.
pub async fn unread(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<InboxMessage>, StorageError> {
    let sql = "SELECT * FROM inbox_messages WHERE workspace_id = $1 AND NOT is_read
        ORDER BY inbox_message_id DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<InboxMessage, StorageError> {
    Ok(InboxMessage {
        id: row.parse("inbox_messages", "inbox_message_id")?,
        notice: row.json("inbox_messages", "notice")?,
        at: row.time("at")?,
        read: row.get("is_read")?,
    })
}

/// The number of unread messages.
pub async fn count_unread(on: &impl Session, workspace: WorkspaceId) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM inbox_messages WHERE workspace_id = $1 AND NOT is_read";
    one(on, sql, vec![text(workspace)]).await?.map_or(Ok(0), |row| row.get("n"))
}

/// Which messages a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Only those that nobody has seen.
    pub only_unread: bool,
    /// Only those of a kind, by its name.
    pub kind: Option<String>,
}

/// A page of the messages that a filter lets through.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    filter: &MessageFilter,
    direction: Direction,
    position: &Position,
    limit: u32,
) -> Result<Page<InboxMessage>, StorageError> {
    let mut conditions = Conditions::of(workspace);
    if filter.only_unread {
        conditions.and("NOT is_read", []);
    }
    if let Some(kind) = &filter.kind {
        conditions.and("kind = ?", [text(kind)]);
    }
    let (table, id) = ("inbox_messages", "inbox_message_id");
    let select = Select { table, id, sort: Sort::Text(id), direction };
    select.page(on, &conditions, position, limit, read).await
}

/// Marks some messages as seen.
pub async fn mark_some_read(
    on: &crate::Write,
    workspace: WorkspaceId,
    messages: &[InboxMessageId],
) -> Result<(), StorageError> {
    if messages.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE inbox_messages SET is_read = $2 WHERE workspace_id = $1 AND inbox_message_id IN ({})",
        placeholders(3, messages.len())
    );
    let ids = messages.iter().map(text);
    execute(on, &sql, [text(workspace), true.into()].into_iter().chain(ids).collect()).await.map(drop)
}

/// Marks every message as seen.
pub async fn mark_read(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "UPDATE inbox_messages SET is_read = $2 WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace), true.into()]).await.map(drop)
}
