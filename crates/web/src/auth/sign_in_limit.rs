//! How often someone may try to sign in.

use crate::state::AppState;
use storage::workspace::sign_in_tries;
use storage::{StorageError, Write};

const MAX_TRIES: i64 = 10;
const WINDOW_MINUTES: i64 = 5;
/// Beyond this many remembered names, the oldest are forgotten.
const MAX_NAMES: u32 = 10_000;

/// Counts a try by a name such as `address e-mail`, on every node; `false` if there were too many lately.
pub async fn allows(state: &AppState, name: &str) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let oldest = now.plus_minutes(-WINDOW_MINUTES);
    let write = state.database.write().await?;
    let tries = sign_in_tries::count(&write, name, now, oldest, MAX_NAMES).await?;
    write.commit().await?;
    Ok(tries <= MAX_TRIES)
}

/// Forgets the tries of someone who got in.
pub async fn forget(write: &Write, name: &str) -> Result<(), StorageError> {
    sign_in_tries::forget(write, name).await
}
