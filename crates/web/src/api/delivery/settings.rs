//! `/settings/salesforce`: the basic settings (K1–K4, K9).

use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::delivery::{SalesforceSettings, check_settings};
use domain::value::Step;
use storage::workspace::{audit, settings};

/// The settings.
#[utoipa::path(get, path = "/settings/salesforce", tag = "settings", responses((status = 200, description = "The settings"), (status = 401, description = "The API key is not valid")))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<SalesforceSettings>, Problem> {
    let found = settings::salesforce(&state.database.read(), caller.workspace).await;
    found.map(Json).map_err(Problem::from)
}

/// Replaces the settings.
#[utoipa::path(put, path = "/settings/salesforce", tag = "settings", request_body = Object, responses((status = 200, description = "The settings as saved"), (status = 422, description = "Some fields are invalid"), (status = 401, description = "The API key is not valid")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<SalesforceSettings>,
) -> Result<Json<SalesforceSettings>, Problem> {
    let checked = check_settings(given).map_err(Problem::invalid)?;
    let stored = async {
        let now = state.clock.now();
        let write = state.database.write().await?;
        settings::save_salesforce(&write, caller.workspace, &checked, now).await?;
        audit::record(&write, caller.workspace, "api", &Step::new("settings-saved"), now).await?;
        write.commit().await
    };
    stored.await?;
    Ok(Json(checked))
}
