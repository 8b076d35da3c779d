//! `/deliveries/{id}/retry`: out of the error inbox, back to work.

use crate::actions::delivery;
use crate::actions::delivery::Retried;
use crate::api::delivery::response::DeliveryResponse;
use crate::api::refusals::{NotFound, NotRetryable, Refused};
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::value::DeliveryId;

/// Retries a failed delivery at once.
#[utoipa::path(
    post, path = "/deliveries/{id}/retry", tag = "deliveries", operation_id = "retry_delivery",
    params(("id" = String, Path, description = "The ID")),
    responses((status = 200, description = "The delivery, which is due now", body = DeliveryResponse), Refused, NotFound, NotRetryable),
)]
pub async fn retry(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DeliveryResponse>, Problem> {
    let id: DeliveryId = id.parse().map_err(|_| Problem::not_found())?;
    match delivery::retry(&state, caller.workspace, id, &caller.actor).await? {
        Retried::Yes(delivery) => Ok(Json(DeliveryResponse::of(&delivery, None, caller.language))),
        Retried::NotFound => Err(Problem::not_found()),
        Retried::NotNow => Err(Problem::conflict("delivery-not-failed")),
    }
}
