//! `/deliveries/{id}/retry`: out of the error inbox, back to work.

use crate::actions::delivery;
use crate::api::booking::response;
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::value::DeliveryId;
use serde_json::Value;

/// Retries a failed delivery at once.
#[utoipa::path(post, path = "/deliveries/{id}/retry", tag = "deliveries", params(("id" = String, Path, description = "The ID")), responses((status = 200, description = "The delivery, which is due now"), (status = 404, description = "There is no such delivery"), (status = 409, description = "The delivery is pending or done"), (status = 401, description = "The API key is not valid")))]
pub async fn retry(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id: DeliveryId = id.parse().map_err(|_| Problem::not_found())?;
    match delivery::retry(&state, caller.workspace, id, "api").await {
        Ok(delivery::Retried::Yes(delivery)) => {
            Ok(Json(response::delivery(&delivery, None, caller.language)))
        }
        Ok(delivery::Retried::NotFound) => Err(Problem::not_found()),
        Ok(delivery::Retried::NotNow) => Err(Problem::conflict("delivery-not-failed")),
        Err(error) => Err(Problem::from(error)),
    }
}
