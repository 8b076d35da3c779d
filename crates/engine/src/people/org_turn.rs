//! The right to write to the org, shared with deliveries: bookings go first.

use crate::engine::Engine;
use domain::value::Timestamp;
use storage::StorageError;
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;
use storage::run::runs;
use storage::run::runs::RunClaim;

/// Looks for the right this often, before what would be written is left to the next run.
const TRIES: u32 = 50;

/// Takes the right to write; `None` while others keep it busy. Keeps up the run's claim meanwhile.
pub(crate) async fn take(engine: &Engine, claim: RunClaim) -> Result<Option<OrgLease>, StorageError> {
    for attempt in 0..TRIES {
        if attempt > 0 {
            tokio::time::sleep(engine.settings.poll.min(engine.lease() / 4)).await;
        }
        let write = engine.database.write().await?;
        runs::renew(&write, claim, engine.lease()).await?;
        let (worker, now) = (&engine.settings.worker, engine.clock.now());
        let taken = org_lease::claim_idle(&write, claim.workspace, worker, now, engine.lease()).await?;
        write.commit().await?;
        if taken.is_some() {
            return Ok(taken);
        }
    }
    Ok(None)
}

/// Gives the right back.
pub(crate) async fn release(engine: &Engine, lease: OrgLease) -> Result<(), StorageError> {
    let write = engine.database.write().await?;
    org_lease::release(&write, lease).await?;
    write.commit().await
}

/// When the last of what is sent under a lease that is renewed now, and once more at most, can have taken effect, by
/// the database's clock.
pub(crate) fn over_at(engine: &Engine, now: Timestamp) -> Timestamp {
    let lease = i64::try_from(engine.lease().as_secs()).unwrap_or(i64::MAX / 4) + 1;
    now.plus_seconds(2 * lease)
}
