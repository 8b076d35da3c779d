//! `/settings/salesforce`: the basic settings (K1–K4, K9).

use crate::actions::salesforce_settings;
use crate::actions::seen_version::Author;
use crate::api::refusals::{InvalidBody, Refused};
use crate::api::value::SearchOrderWord;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::delivery::{CampaignSettings, RescueSettings, SalesforceSettings, TodoSettings, check_settings};
use serde::Serialize;
use storage::workspace::settings;

/// What a booking does in Salesforce. A part that is left out of a request gets its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = SalesforceSettings)]
pub struct SettingsResponse {
    /// The ToDo of a booking.
    todo: TodoResponse,
    /// The campaign that attendees are added to.
    campaign: CampaignResponse,
    /// Which object is searched first.
    search_order: SearchOrderWord,
    /// Searching again if no Lead or Contact was found.
    rescue: RescueResponse,
}

/// The ToDo of a booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = TodoSettings)]
pub struct TodoResponse {
    /// ToDos are created.
    enabled: bool,
    /// Minutes from the booking to the search, 0 to 10.
    #[schema(example = 3)]
    lag_minutes: i64,
    /// Template of the Subject.
    #[schema(example = "【面談予約】{{company}} {{name}} 様")]
    subject: String,
    /// Template of the Description.
    #[schema(example = "日時: {{start}} 〜 {{end}}")]
    comment: String,
}

/// The campaign that attendees are added to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = CampaignSettings)]
pub struct CampaignResponse {
    /// Campaign members are created.
    enabled: bool,
    /// The ID of the campaign, 18 characters; empty if none is set.
    #[schema(example = "701000000000001AAA")]
    campaign_id: String,
}

/// Searching again if no Lead or Contact was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = RescueSettings)]
pub struct RescueResponse {
    /// The search is repeated.
    enabled: bool,
    /// Minutes between searches, 1 to 1440.
    #[schema(example = 10)]
    every_minutes: i64,
    /// Hours until the last search, 1 to 168.
    #[schema(example = 24)]
    for_hours: i64,
}

impl From<SalesforceSettings> for SettingsResponse {
    fn from(settings: SalesforceSettings) -> Self {
        Self {
            todo: settings.todo.into(),
            campaign: settings.campaign.into(),
            search_order: settings.search_order.into(),
            rescue: settings.rescue.into(),
        }
    }
}

impl From<TodoSettings> for TodoResponse {
    fn from(todo: TodoSettings) -> Self {
        let TodoSettings { enabled, lag_minutes, subject, comment } = todo;
        Self { enabled, lag_minutes, subject, comment }
    }
}

impl From<CampaignSettings> for CampaignResponse {
    fn from(campaign: CampaignSettings) -> Self {
        Self { enabled: campaign.enabled, campaign_id: campaign.campaign_id }
    }
}

impl From<RescueSettings> for RescueResponse {
    fn from(rescue: RescueSettings) -> Self {
        let RescueSettings { enabled, every_minutes, for_hours } = rescue;
        Self { enabled, every_minutes, for_hours }
    }
}

impl Default for SettingsResponse {
    fn default() -> Self {
        SalesforceSettings::default().into()
    }
}

impl Default for TodoResponse {
    fn default() -> Self {
        TodoSettings::default().into()
    }
}

impl Default for CampaignResponse {
    fn default() -> Self {
        CampaignSettings::default().into()
    }
}

impl Default for RescueResponse {
    fn default() -> Self {
        RescueSettings::default().into()
    }
}

/// The settings.
#[utoipa::path(
    get, path = "/settings/salesforce", tag = "settings", operation_id = "show_salesforce_settings",
    responses((status = 200, description = "The settings", body = SettingsResponse), Refused),
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<SettingsResponse>, Problem> {
    let found = settings::find::<SalesforceSettings>(&state.database.read(), caller.workspace).await;
    Ok(Json(found?.into()))
}

/// Replaces the settings.
#[utoipa::path(
    put, path = "/settings/salesforce", tag = "settings", operation_id = "save_salesforce_settings",
    request_body = SettingsResponse,
    responses((status = 200, description = "The settings as saved", body = SettingsResponse), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<SalesforceSettings>,
) -> Result<Json<SettingsResponse>, Problem> {
    let checked = check_settings(given).map_err(Problem::invalid)?;
    salesforce_settings::save(&state, caller.workspace, &checked, Author::program(&caller.actor)).await?;
    Ok(Json(checked.into()))
}
