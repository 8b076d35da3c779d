//! Filling in what segments compare, for workspaces with too many people for the request that asked for it (S14).

use crate::engine::Engine;
use storage::StorageError;
use storage::segment::values;

/// Batches of people in a row: short enough not to keep the worker from anything else.
const BATCHES: usize = 5;

/// Fills in a part of what is missing; `true` when something was.
pub(super) async fn fill(engine: &Engine) -> Result<bool, StorageError> {
    let workspaces = values::to_fill(&engine.database.read()).await?;
    for workspace in &workspaces {
        values::fill(&engine.database, *workspace, BATCHES).await?;
    }
    Ok(!workspaces.is_empty())
}
