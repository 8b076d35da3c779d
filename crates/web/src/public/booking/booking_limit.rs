//! How many bookings one household or company can make on a page (Q6).

use crate::http::client_address::ClientAddress;
use crate::state::AppState;
use domain::value::{PageId, Timestamp};
use storage::StorageError;
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;

/// On one page: a company may book for several of its people at once.
const PER_PAGE: AttemptLimit = AttemptLimit { free: 10, pause_seconds: 120, window_minutes: 60 };
/// On all pages together.
const PER_ADDRESS: AttemptLimit = AttemptLimit { free: 30, pause_seconds: 60, window_minutes: 60 };

/// Counts a booking that is asked for; when it comes too early, when the next one may come.
pub(crate) async fn take(
    state: &AppState,
    client: ClientAddress,
    page: PageId,
    has_worked: bool,
) -> Result<Option<Timestamp>, StorageError> {
    let (now, block) = (state.clock.now(), client.block());
    let write = state.database.write().await?;
    let wait = match attempts::take(&write, &format!("booking {block}"), PER_ADDRESS, now).await? {
        Some(at) => Some(at),
        // Work stands in for the wait on one page, never for the limit on all of them.
        None if has_worked => None,
        None => attempts::take(&write, &format!("booking {block} {page}"), PER_PAGE, now).await?,
    };
    write.commit().await?;
    Ok(wait)
}
