//! Idempotency keys: a request that comes twice makes one booking.

use crate::database::statements::{Session, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{BookingId, Timestamp, WorkspaceId};

/// What is known of an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The hash of the request that used it first.
    pub request_hash: String,
    /// The booking that it made.
    pub booking: BookingId,
}

/// Whether a request with this idempotency key was carried out before.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    key: &str,
) -> Result<Option<IdempotentRequest>, StorageError> {
    let sql = "SELECT * FROM idempotency_keys WHERE workspace_id = $1 AND idempotency_key = $2";
    let row = one(on, sql, vec![text(workspace), text(key)]).await?;
    row.map(|row| {
        Ok(IdempotentRequest {
            request_hash: row.get("request_hash")?,
            booking: row.parse("idempotency_keys", "booking_id")?,
        })
    })
    .transpose()
}

/// Remembers a request by its idempotency key; `false` when another request took it meanwhile.
pub async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    key: &str,
    request: &IdempotentRequest,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql =
        "INSERT INTO idempotency_keys (workspace_id, idempotency_key, request_hash, booking_id, created_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, idempotency_key) DO NOTHING";
    let values =
        vec![text(workspace), text(key), text(&request.request_hash), text(request.booking), time(now)];
    Ok(execute(on, sql, values).await? == 1)
}
