//! The streams of kept records: which generation of each is read, and what is known of it.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::mirror::StreamState;
use domain::value::{Timestamp, WorkspaceId};

/// Before the first fetch nothing is read.
pub const NO_GENERATION: i64 = 0;

/// One stream, as readers find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// Its name.
    pub stream: String,
    /// The generation that is read.
    pub generation: i64,
    /// What is known of it.
    pub state: StreamState,
    /// When it was last brought up to date.
    pub refreshed_at: Timestamp,
    /// Records that count as kept.
    pub rows: i64,
}

impl Mirror {
    /// The generation that a run stages.
    pub const fn staged(&self) -> i64 {
        self.generation + 1
    }
}

/// A stream; one that was never fetched is empty.
pub async fn find(on: &impl Session, workspace: WorkspaceId, stream: &str) -> Result<Mirror, StorageError> {
    let sql = "SELECT * FROM mirrors WHERE workspace_id = $1 AND stream = $2";
    let row = one(on, sql, vec![text(workspace), text(stream)]).await?;
    row.as_ref().map(read_mirror).transpose().map(|found| {
        found.unwrap_or_else(|| Mirror {
            stream: stream.to_owned(),
            generation: NO_GENERATION,
            state: StreamState::default(),
            refreshed_at: Timestamp::from_microseconds(0),
            rows: 0,
        })
    })
}

/// The streams whose names begin so, and that were fetched.
pub async fn with_prefix(
    on: &impl Session,
    workspace: WorkspaceId,
    prefix: &str,
) -> Result<Vec<Mirror>, StorageError> {
    let sql = "SELECT * FROM mirrors WHERE workspace_id = $1 AND SUBSTR(stream, 1, LENGTH($2)) = $2 ORDER BY stream";
    let rows = all(on, sql, vec![text(workspace), text(prefix)]).await?;
    rows.iter().map(read_mirror).collect()
}

fn read_mirror(row: &Row) -> Result<Mirror, StorageError> {
    Ok(Mirror {
        stream: row.get("stream")?,
        generation: row.get("generation")?,
        state: row.json("mirrors", "body")?,
        refreshed_at: row.time("refreshed_at")?,
        rows: row.get("row_count")?,
    })
}

/// Says what is read of a stream from now on.
pub async fn publish(on: &crate::Write, workspace: WorkspaceId, mirror: &Mirror) -> Result<(), StorageError> {
    let sql = "INSERT INTO mirrors (workspace_id, stream, generation, body, refreshed_at, row_count)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, stream) DO UPDATE
        SET generation = excluded.generation, body = excluded.body, refreshed_at = excluded.refreshed_at,
            row_count = excluded.row_count";
    let values = vec![
        text(workspace),
        text(&mirror.stream),
        mirror.generation.into(),
        to_json(&mirror.state)?,
        time(mirror.refreshed_at),
        mirror.rows.into(),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Takes a stream away from the readers: nothing of it is chosen any more.
pub async fn remove_stream(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM mirrors WHERE workspace_id = $1 AND stream = $2";
    execute(on, sql, vec![text(workspace), text(stream)]).await.map(drop)
}
