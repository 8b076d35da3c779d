//! Taking up mailings that are due.

use crate::engine::Engine;
use crate::mailing::sending;
use storage::StorageError;
use storage::mailing::queue;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Mailings that one process sends at the same time.
const MAX_CONCURRENT: u32 = 2;

/// Takes up what is due, each in a task of its own; `true` when there was something. Without a mail server all wait.
pub(crate) async fn claim_and_spawn(
    engine: &Engine,
    tasks: &mut JoinSet<()>,
    stop: &CancellationToken,
) -> Result<bool, StorageError> {
    let Some(server) = engine.settings.mail.clone() else { return Ok(false) };
    let free = MAX_CONCURRENT.saturating_sub(u32::try_from(tasks.len()).unwrap_or(MAX_CONCURRENT));
    let now = engine.clock.now();
    if free == 0 || !queue::any_due(&engine.database.read(), now).await? {
        return Ok(false);
    }
    let write = engine.database.write().await?;
    let claimed = queue::claim(&write, &engine.settings.worker, now, engine.lease(), free).await?;
    write.commit().await?;
    let any = !claimed.is_empty();
    for (claim, mailing) in claimed {
        let (engine, server, stop) = (engine.clone(), server.clone(), stop.clone());
        tasks.spawn(async move {
            let Some(composed) = &mailing.composed else { return };
            let sent = sending::run(&engine, (claim, &mailing), (&server, composed), &stop).await;
            if let Err(error) = sent {
                // Its lease runs out; what was on its way is unknown then.
                tracing::warn!(workspace = %claim.workspace, mailing = %claim.mailing, %error, "a mailing was broken off");
            }
            engine.database.wake_own_worker();
        });
    }
    Ok(any)
}
