//! Shelves: one number in place of a workspace, a stream and a generation, as a million rows would repeat those.
//!
//! A later generation of a stream has a higher number. What names a partition in a statement begins with the workspace,
//! so that no one finds another's.

use crate::database::statements::{Value, execute, one, text};
use crate::error::StorageError;
use domain::value::WorkspaceId;

/// The partition that readers of a stream see; `$1` is the workspace and `$2` the stream.
pub(crate) const READ: &str =
    "(SELECT number FROM mirror_partitions JOIN mirrors USING (workspace_id, stream, generation)
    WHERE workspace_id = $1 AND stream = $2)";

/// The partition of a generation; `$1` is the workspace and `$2` the stream.
pub(crate) fn of(generation: &str) -> String {
    format!(
        "(SELECT number FROM mirror_partitions WHERE workspace_id = $1 AND stream = $2 AND generation = {generation})"
    )
}

/// The number of a generation's partition, which gets one now if it has none.
pub(crate) async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
) -> Result<i64, StorageError> {
    let values = || vec![text(workspace), text(stream), generation.into()];
    loop {
        let sql = "SELECT number FROM mirror_partitions WHERE workspace_id = $1 AND stream = $2 AND generation = $3";
        if let Some(row) = one(on, sql, values()).await? {
            return row.get("number");
        }
        // When someone else takes the number at the same moment, the next one is tried.
        let sql = "INSERT INTO mirror_partitions (workspace_id, stream, generation, number)
            SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1 FROM mirror_partitions WHERE true ON CONFLICT DO NOTHING";
        execute(on, sql, values()).await?;
    }
}

/// Removes the empty partition of a generation: a workspace, a stream and its number.
pub(crate) async fn remove(on: &crate::Write, generation: Vec<Value>) -> Result<(), StorageError> {
    let sql = "DELETE FROM mirror_partitions WHERE workspace_id = $1 AND stream = $2 AND generation = $3";
    execute(on, sql, generation).await.map(drop)
}
