//! How often someone has tried to sign in lately, on whatever node.
//!
//! There is no workspace yet: who asks is not known. Names are stored as hashes, because strangers choose them.

use crate::database::statements::{execute, one, text, time};
use crate::error::StorageError;
use crate::secret::token_hash;
use domain::value::Timestamp;

/// Counts a try and returns how many there were since the first one after `oldest`.
///
/// What is older is deleted, and so are the oldest of more than `max_names` names.
pub async fn count(
    on: &crate::Write,
    name: &str,
    now: Timestamp,
    oldest: Timestamp,
    max_names: u32,
) -> Result<i64, StorageError> {
    let sql = "INSERT INTO sign_in_tries (name_hash, since, tries) VALUES ($1, $2, 1)
        ON CONFLICT (name_hash) DO UPDATE SET
            since = CASE WHEN sign_in_tries.since <= $3 THEN excluded.since ELSE sign_in_tries.since END,
            tries = CASE WHEN sign_in_tries.since <= $3 THEN 1 ELSE sign_in_tries.tries + 1 END
        RETURNING tries";
    let row = one(on, sql, vec![text(token_hash::of_token(name)), time(now), time(oldest)]).await?;
    let tries = row.map_or(Ok(1), |row| row.get("tries"))?;
    let sql = "DELETE FROM sign_in_tries WHERE since <= $1
        OR since <= (SELECT since FROM sign_in_tries ORDER BY since DESC LIMIT 1 OFFSET $2)";
    execute(on, sql, vec![time(oldest), i64::from(max_names).into()]).await?;
    Ok(tries)
}

/// Forgets the tries of someone who got in.
pub async fn forget(on: &crate::Write, name: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM sign_in_tries WHERE name_hash = $1";
    execute(on, sql, vec![text(token_hash::of_token(name))]).await.map(drop)
}
