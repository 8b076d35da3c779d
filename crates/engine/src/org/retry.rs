//! How often and after what pause a run asks again, whichever API it asks.

use crate::engine::Engine;
use std::time::Duration;
use storage::StorageError;
use storage::run::runs;
use storage::run::runs::RunClaim;

/// Consecutive token refreshes before a rejection is accepted.
pub(crate) const RENEWALS: u32 = 2;
/// Tries of one call while there is trouble that passes by itself.
pub(crate) const TRIES: u32 = 6;
/// Percent of the day's calls that are left to bookings and to whatever else asks (C9).
pub(crate) const RESERVE_PERCENT: u64 = 20;
/// The pause after the first try; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The pause after so many tries.
pub(crate) fn pause_after(tries: u32) -> Duration {
    FIRST_PAUSE * (1 << tries.saturating_sub(1).min(TRIES))
}

/// Waits, no longer than a lease allows; a run's is renewed first, so that it outlives the pause and the next try.
///
/// All the tries together take longer than a lease: without this another worker would begin them anew, and no run
/// would ever fail.
pub(crate) async fn wait(
    engine: &Engine,
    claim: Option<RunClaim>,
    pause: Duration,
) -> Result<(), StorageError> {
    if let Some(claim) = claim {
        let write = engine.database.write().await?;
        runs::renew(&write, claim, engine.lease()).await?;
        write.commit().await?;
    }
    let pause = pause.min(engine.settings.request_timeout).as_secs_f64();
    tokio::time::sleep(engine.clock.real_duration(pause)).await;
    Ok(())
}
