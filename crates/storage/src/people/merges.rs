//! People who turned out to be one, and what it takes to separate them again.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::people::person::names;
use crate::segment::values as segment_values;
use domain::people::PersonMerge;
use domain::value::{PersonId, PersonMergeId, Timestamp, WorkspaceId};

const TABLE: &str = "people_merges";

/// Keeps a merge.
pub async fn add(on: &crate::Write, workspace: WorkspaceId, merge: &PersonMerge) -> Result<(), StorageError> {
    let sql = "INSERT INTO people_merges (workspace_id, merge_id, winner_id, loser_id, at, actor, reason, body, undone_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
    let values = vec![
        text(workspace),
        text(merge.id),
        text(merge.winner),
        text(merge.loser),
        time(merge.at),
        text(&merge.actor),
        text(&merge.reason),
        to_json(&merge.kept)?,
    ];
    execute(on, sql, values).await.map(drop)
}

/// Merges into a person that were not undone, the latest first.
pub async fn of_winner(
    on: &impl Session,
    workspace: WorkspaceId,
    winner: PersonId,
) -> Result<Vec<PersonMerge>, StorageError> {
    let sql = "SELECT * FROM people_merges WHERE workspace_id = $1 AND winner_id = $2 AND undone_at = 0
        ORDER BY merge_id DESC LIMIT 100";
    all(on, sql, vec![text(workspace), text(winner)]).await?.iter().map(read).collect()
}

/// A merge that was not undone.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: PersonMergeId,
) -> Result<Option<PersonMerge>, StorageError> {
    let sql = "SELECT * FROM people_merges WHERE workspace_id = $1 AND merge_id = $2 AND undone_at = 0";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// Takes note that a merge was undone; `false` if it was already.
pub async fn set_undone(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: PersonMergeId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql =
        "UPDATE people_merges SET undone_at = $3 WHERE workspace_id = $1 AND merge_id = $2 AND undone_at = 0";
    Ok(execute(on, sql, vec![text(workspace), text(id), time(now)]).await? == 1)
}

/// Takes a person out who goes on as another; what happened to it stays, for the case that they are separated again.
pub async fn take_out(
    on: &crate::Write,
    workspace: WorkspaceId,
    loser: PersonId,
) -> Result<(), StorageError> {
    segment_values::remove(on, workspace, loser).await?;
    for table in ["people_errors", "people"] {
        let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND person_id = $2");
        execute(on, &sql, vec![text(workspace), text(loser)]).await?;
    }
    Ok(())
}

/// Moves links of records to a person; that of `partner` becomes its partner, the others are remembered.
pub async fn move_links(
    on: &crate::Write,
    workspace: WorkspaceId,
    to: PersonId,
    records: &[String],
    partner: Option<&str>,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people_links SET person_id = $3, is_partner = (record_id = $4)
        WHERE workspace_id = $1 AND record_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    let values = vec![text(workspace), names(records)?, text(to), text(partner.unwrap_or_default())];
    execute(on, &sql, values).await.map(drop)
}

fn read(row: &Row) -> Result<PersonMerge, StorageError> {
    Ok(PersonMerge {
        id: row.parse(TABLE, "merge_id")?,
        winner: row.parse(TABLE, "winner_id")?,
        loser: row.parse(TABLE, "loser_id")?,
        at: row.time("at")?,
        actor: row.get("actor")?,
        reason: row.get("reason")?,
        kept: row.json(TABLE, "body")?,
    })
}
