//! How often strangers have tried something lately, on whatever node: signing in, booking.
//!
//! There is no workspace yet, or it is the stranger who names it. Names are stored as hashes, because strangers choose them.

use crate::database::statements::{execute, one, text, time};
use crate::error::StorageError;
use crate::secret::token_hash;
use domain::value::Timestamp;

/// How many tries are free, and how those after them are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptLimit {
    /// Tries that are free within the window.
    pub free: i64,
    /// Seconds between further ones.
    pub pause_seconds: i64,
    /// Minutes after the first try in which tries are counted.
    pub window_minutes: i64,
}

/// The longest window of any limit, in minutes; what is older can be forgotten.
pub const MAX_WINDOW_MINUTES: i64 = 60;
/// Names that are remembered, at most; beyond that the oldest are forgotten.
const MAX_NAMES: i64 = 10_000;

/// Counts a try; when it comes too early it is not counted, and this is when the next one may come.
///
/// What no limit counts any more is forgotten, so that strangers can't fill the table.
pub async fn take(
    on: &crate::Write,
    name: &str,
    limit: AttemptLimit,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    forget_before(on, now.plus_minutes(-MAX_WINDOW_MINUTES)).await?;
    let oldest = now.plus_minutes(-limit.window_minutes);
    let pause = limit.pause_seconds.saturating_mul(1_000_000);
    let hash = token_hash::of_token(name);
    let sql = "INSERT INTO sign_in_tries (name_hash, since, tries) VALUES ($1, $2, 1)
        ON CONFLICT (name_hash) DO UPDATE SET
            since = CASE WHEN sign_in_tries.since <= $3 THEN excluded.since ELSE sign_in_tries.since END,
            tries = CASE WHEN sign_in_tries.since <= $3 THEN 1 ELSE sign_in_tries.tries + 1 END
        WHERE sign_in_tries.since <= $3 OR sign_in_tries.tries < $4
            OR sign_in_tries.since + (sign_in_tries.tries - $4 + 1) * $5 <= $2
        RETURNING tries";
    let values = vec![text(&hash), time(now), time(oldest), limit.free.into(), pause.into()];
    if one(on, sql, values).await?.is_some() {
        return Ok(None);
    }
    let sql = "SELECT since, tries FROM sign_in_tries WHERE name_hash = $1";
    let Some(row) = one(on, sql, vec![text(&hash)]).await? else { return Ok(None) };
    let (since, tries): (Timestamp, i64) = (row.time("since")?, row.get("tries")?);
    Ok(Some(since.plus_seconds((tries - limit.free + 1).saturating_mul(limit.pause_seconds))))
}

/// Forgets the tries of someone who got in.
pub async fn forget(on: &crate::Write, name: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM sign_in_tries WHERE name_hash = $1";
    execute(on, sql, vec![text(token_hash::of_token(name))]).await.map(drop)
}

/// Removes tries from before `oldest`, and the oldest of more names than are remembered.
pub async fn forget_before(on: &crate::Write, oldest: Timestamp) -> Result<(), StorageError> {
    let sql = "DELETE FROM sign_in_tries WHERE since <= $1
        OR since <= (SELECT since FROM sign_in_tries ORDER BY since DESC LIMIT 1 OFFSET $2)";
    execute(on, sql, vec![time(oldest), MAX_NAMES.into()]).await.map(drop)
}
