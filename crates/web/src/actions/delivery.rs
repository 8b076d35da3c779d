//! Trying a delivery again because a person asks for it.

use crate::state::AppState;
use domain::delivery::{Delivery, DeliveryState};
use domain::value::{DeliveryId, Step, WorkspaceId};
use storage::StorageError;
use storage::delivery::{deliveries, ignored, timeline};
use storage::org::connections;
use storage::workspace::audit;

/// Whether a delivery is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It is due now, or held while there is no connection.
    Yes(Box<Delivery>),
    /// This workspace has no such delivery.
    NotFound,
    /// It is waiting, done or cancelled.
    NotNow,
}

/// Puts a failed or skipped delivery back to work.
pub async fn retry(
    state: &AppState,
    workspace: WorkspaceId,
    delivery: DeliveryId,
    by: &str,
) -> Result<Retried, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(mut delivery) = deliveries::find(&write, workspace, delivery).await? else {
        return Ok(Retried::NotFound);
    };
    if !delivery.state.may_retry() {
        return Ok(Retried::NotNow);
    }
    let connected = connections::find(&write, workspace).await?.is_some();
    delivery.state = if connected { DeliveryState::Due } else { DeliveryState::Held };
    delivery.due_at = now;
    delivery.attempts = 0;
    delivery.error_code = None;
    delivery.retry_singly = false;
    if !deliveries::save(&write, workspace, &delivery, &[DeliveryState::Failed, DeliveryState::Skipped], now)
        .await?
    {
        return Ok(Retried::NotNow);
    }
    ignored::reopen(&write, workspace, &[delivery.id]).await?;
    let step = Step::new("retried-by").with("who", by);
    timeline::add(&write, workspace, delivery.subject, Some(delivery.id), &[step], now).await?;
    let step = Step::new("delivery-retried").with("id", delivery.id);
    audit::record(&write, workspace, by, &step, now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Retried::Yes(Box::new(delivery)))
}
