//! The ids that a run has met, and the kept records that it has not.

use crate::database::statements::{Session, all, execute, placeholders, text, to_json};
use crate::error::StorageError;
use crate::mirror::streams::{Mirror, NO_GENERATION};
use crate::mirror::{partitions, row_layouts, rows};
use domain::mirror::MirrorRow;
use domain::value::WorkspaceId;
use std::collections::HashSet;

/// What unreported records are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareWith {
    /// The rows that the run has staged.
    Staged,
    /// The ids that the run has noted.
    Seen,
}

/// Forgets the ids that a run had noted.
pub async fn forget(on: &crate::Write, workspace: WorkspaceId, stream: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM mirror_seen WHERE workspace_id = $1 AND stream = $2";
    execute(on, sql, vec![text(workspace), text(stream)]).await.map(drop)
}

/// Notes ids that a look at everything has met.
pub async fn mark(
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
/// fetch there are none, and no one is asked.
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
