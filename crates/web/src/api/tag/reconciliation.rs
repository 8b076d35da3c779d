//! `/tag/reconciliation`: what the tag recognised against the org's Leads, as of last night.

use crate::api::refusals::{NotFound, Refused};
use crate::api::value::{Id, Time};
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::tag::Reconciliation;
use serde::Serialize;
use storage::workspace::settings;
use storage::workspace::settings::LastReconciliation;
use utoipa::ToSchema;

/// The result of the last night.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TagReconciliation)]
pub struct ReconciliationResponse {
    /// When it was made.
    at: Time,
    /// From when on things were held against each other.
    from: Time,
    /// Until when.
    until: Time,
    /// Leads created in the org; null if it could not be asked.
    leads: Option<LeadsResponse>,
    /// Each form that was sent.
    forms: Vec<FormResponse>,
    /// Forms that fell silent against their own four weeks.
    #[schema(example = json!(["お問い合わせ"]))]
    silent: Vec<String>,
}

/// Leads created in the org.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReconciledLeads)]
pub struct LeadsResponse {
    /// How many with an address were created.
    #[schema(example = 12)]
    created: u64,
    /// How many of them the tag did not see.
    #[schema(example = 2)]
    without_conversion: u64,
    /// IDs of some of these.
    #[schema(example = json!(["00Q5g00000AbCdEAAV"]))]
    examples: Vec<String>,
}

/// A form's conversions.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReconciledForm)]
pub struct FormResponse {
    /// What it is called.
    #[schema(example = "お問い合わせ")]
    form: String,
    /// Conversions.
    #[schema(example = 9)]
    conversions: u64,
    /// Attempts of which no success is known.
    #[schema(example = 3)]
    without_success: u64,
    /// Conversions whose address no Lead or Contact has; null if the org could not be asked.
    #[schema(example = 1)]
    without_lead: Option<u64>,
    /// Some of these.
    examples: Vec<Id>,
}

impl From<Reconciliation> for ReconciliationResponse {
    fn from(found: Reconciliation) -> Self {
        Self {
            at: found.at.into(),
            from: found.from.into(),
            until: found.until.into(),
            leads: found.leads.map(|leads| LeadsResponse {
                created: leads.created,
                without_conversion: leads.without_conversion,
                examples: leads.examples,
            }),
            forms: found
                .forms
                .into_iter()
                .map(|form| FormResponse {
                    form: form.form,
                    conversions: form.conversions,
                    without_success: form.without_success,
                    without_lead: form.without_lead,
                    examples: form.examples.into_iter().map(Id::from).collect(),
                })
                .collect(),
            silent: found.silent,
        }
    }
}

/// The result of the last night; there is none before the first one.
#[utoipa::path(
    get, path = "/tag/reconciliation", tag = "tag", operation_id = "show_tag_reconciliation",
    responses((status = 200, description = "Conversions against Leads", body = ReconciliationResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<ReconciliationResponse>, Problem> {
    let last = settings::find::<LastReconciliation>(&state.database.read(), caller.workspace).await?.0;
    last.map(|last| Json(last.into())).ok_or_else(Problem::not_found)
}
