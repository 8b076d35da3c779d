//! What a sync of people would do, line by line, as it was shown last.

use crate::database::statements::{Row, Session, execute, text, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort};
use domain::list::{Direction, Position};
use domain::people::{PreviewAction, PreviewLine};
use domain::value::{Step, WorkspaceId};
use serde::Serialize;

const TABLE: &str = "people_preview_lines";

/// Forgets the lines of the preview before.
pub async fn clear(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    execute(on, "DELETE FROM people_preview_lines WHERE workspace_id = $1", vec![text(workspace)])
        .await
        .map(drop)
}

/// Adds lines from a place on.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    place: u64,
    lines: &[PreviewLine],
) -> Result<(), StorageError> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(lines.len());
    for (place, line) in (place..).zip(lines) {
        let reason = line.reason.as_ref().map(to_text).transpose()?;
        rows.push([
            format!("{place:08}"),
            line.action.name().to_owned(),
            line.email.clone(),
            line.record_id.clone(),
            to_text(&line.fields)?,
            reason.unwrap_or_default(),
        ]);
    }
    let sql = format!(
        "INSERT INTO people_preview_lines (workspace_id, line_id, action, email, record_id, fields, reason)
        SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
        FROM {} WHERE true",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), to_json(&rows)?]).await.map(drop)
}

/// A page of the lines, in the order in which they were made; of one action, or of all without one.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    action: Option<PreviewAction>,
    position: &Position,
    limit: u32,
) -> Result<Page<PreviewLine>, StorageError> {
    let mut conditions = Conditions::of(workspace);
    if let Some(action) = action {
        conditions.and("action = ?", [text(action.name())]);
    }
    let (sort, direction) = (Sort::Text("line_id"), Direction::Ascending);
    let select = Select { table: TABLE, id: "line_id", sort, direction };
    select.page(on, &conditions, position, limit, read).await
}

fn to_text(value: &impl Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError::Inconsistent {
        table: TABLE,
        column: "fields",
        reason: error.to_string(),
    })
}

fn read(row: &Row) -> Result<PreviewLine, StorageError> {
    let reason: String = row.get("reason")?;
    let reason: Option<Step> = if reason.is_empty() { None } else { Some(row.json(TABLE, "reason")?) };
    Ok(PreviewLine {
        action: row.word(TABLE, "action", PreviewAction::parse)?,
        email: row.get("email")?,
        record_id: row.get("record_id")?,
        fields: row.json(TABLE, "fields")?,
        reason,
    })
}
