//! How far a run is with a stream, kept together with the rows it has brought, so that a kill loses nothing.

use crate::database::statements::{Session, all, execute, placeholders, text, to_json};
use crate::error::StorageError;
use crate::mirror::rows::{Mirror, NO_GENERATION};
use crate::mirror::{partitions, row_layouts, rows};
use domain::mirror::MirrorRow;
use domain::value::{RunId, WorkspaceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;

const TABLE: &str = "run_checkpoints";

/// What unreported records are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareWith {
    /// The rows that the run has staged.
    Staged,
    /// The ids that the run has noted.
    Seen,
}

/// Keeps how far a run is with a stream.
pub async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    run: RunId,
    stream: &str,
    work: &impl Serialize,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO run_checkpoints (workspace_id, run_id, stream, body) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, run_id, stream) DO UPDATE SET body = excluded.body";
    execute(on, sql, vec![text(workspace), text(run), text(stream), to_json(work)?]).await.map(drop)
}

/// How far a run is, by stream; nothing before it has begun.
pub async fn all_of<T: DeserializeOwned>(
    on: &impl Session,
    workspace: WorkspaceId,
    run: RunId,
) -> Result<Vec<(String, T)>, StorageError> {
    let sql = "SELECT * FROM run_checkpoints WHERE workspace_id = $1 AND run_id = $2 ORDER BY stream";
    let rows = all(on, sql, vec![text(workspace), text(run)]).await?;
    rows.iter().map(|row| Ok((row.get("stream")?, row.json(TABLE, "body")?))).collect()
}

/// Forgets how far any run was with a stream, and the ids it had noted.
pub async fn end(on: &crate::Write, workspace: WorkspaceId, stream: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM run_checkpoints WHERE workspace_id = $1 AND stream = $2";
    execute(on, sql, vec![text(workspace), text(stream)]).await?;
    forget_seen(on, workspace, stream).await
}

/// Forgets the ids that a run had noted.
pub async fn forget_seen(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM mirror_seen WHERE workspace_id = $1 AND stream = $2";
    execute(on, sql, vec![text(workspace), text(stream)]).await.map(drop)
}

/// Notes ids that a look at everything has met.
pub async fn mark_seen(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    record_ids: &[&str],
) -> Result<(), StorageError> {
    if record_ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<[&str; 1]> = record_ids.iter().map(|id| [*id]).collect();
    let sql = format!(
        "INSERT INTO mirror_seen (workspace_id, stream, record_id) SELECT $1, $2, value ->> 0 FROM {} WHERE true
            ON CONFLICT (workspace_id, stream, record_id) DO NOTHING",
        on.dialect.json_rows("$3")
    );
    execute(on, &sql, vec![text(workspace), text(stream), to_json(&ids)?]).await.map(drop)
}

/// Which of these ids have not been noted.
pub async fn unseen(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    record_ids: &[&str],
) -> Result<Vec<String>, StorageError> {
    let mut noted: HashSet<String> = HashSet::new();
    for some in record_ids.chunks(rows::ID_BATCH) {
        let ids = rows::padded(some);
        let sql = format!(
            "SELECT record_id FROM mirror_seen WHERE workspace_id = $1 AND stream = $2 AND record_id IN ({})",
            placeholders(3, ids.len())
        );
        let values = [text(workspace), text(stream)].into_iter().chain(ids.into_iter().map(text)).collect();
        for row in all(on, &sql, values).await? {
            noted.insert(row.get("record_id")?);
        }
    }
    Ok(record_ids.iter().filter(|id| !noted.contains(**id)).map(|id| (*id).to_owned()).collect())
}

/// Some of the records that count as kept and that the run has not met, in the order of their ids. Before the first
/// fetch there are none, and nobody is asked.
pub async fn missing(
    on: &impl Session,
    workspace: WorkspaceId,
    mirror: &Mirror,
    against: CompareWith,
    after: &str,
    limit: u32,
) -> Result<Vec<MirrorRow>, StorageError> {
    if mirror.generation == NO_GENERATION {
        return Ok(Vec::new());
    }
    let met = match against {
        CompareWith::Staged => {
            let staged = partitions::of("$6");
            format!(
                "SELECT 1 FROM mirror_rows AS met WHERE met.partition_id = {staged} AND met.record_id = kept.record_id"
            )
        }
        CompareWith::Seen => {
            "SELECT 1 FROM mirror_seen AS met WHERE met.workspace_id = $1 AND met.stream = $2
                AND met.record_id = kept.record_id AND $6 = $6"
                .to_owned()
        }
    };
    let sql = format!(
        "SELECT kept.* FROM mirror_rows AS kept WHERE partition_id = {} AND state IN ('present', 'converted', 'hidden')
            AND record_id > $4 AND NOT EXISTS ({met}) ORDER BY record_id LIMIT $5",
        partitions::of("$3")
    );
    let values = vec![
        text(workspace),
        text(&mirror.stream),
        mirror.generation.into(),
        text(after),
        i64::from(limit).into(),
        mirror.staged().into(),
    ];
    row_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await
}
