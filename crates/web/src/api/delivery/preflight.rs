//! `/salesforce/preflight`: the checks before the first booking (C8).

use crate::actions::org_request::request_and_wait;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::refusals::{NoOrg, Refused};
use crate::api::value::VerdictWord;
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use domain::delivery::Check;
use domain::value::Language;
use serde::Serialize;
use std::collections::BTreeMap;
use storage::org_request::{OrgRequest, OrgResponse};

/// The results of the preflight.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Preflight)]
pub struct PreflightResponse {
    /// Every check.
    checks: Vec<CheckResponse>,
}

/// One check of the preflight.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Check)]
pub struct CheckResponse {
    /// How it turned out.
    verdict: VerdictWord,
    /// A code for programs.
    #[schema(example = "object-hidden")]
    code: String,
    /// What was found, in the caller's language.
    #[schema(example = "The connected user can’t see Lead")]
    text: String,
    /// What to do, in the caller's language.
    #[schema(example = "Give the connected user access to Lead.")]
    remedy: String,
    /// The values that the texts name.
    #[schema(example = json!({ "object": "Lead" }))]
    data: BTreeMap<String, String>,
}

impl CheckResponse {
    fn of(check: &Check, language: Language) -> Self {
        let text = |kind: &str| {
            let key = format!("{kind}-{}", check.finding.code);
            catalogue::sentence(language, &key, &check.finding.data)
        };
        Self {
            verdict: check.verdict.into(),
            code: check.finding.code.clone(),
            text: text("check"),
            remedy: text("remedy"),
            data: check.finding.data.clone(),
        }
    }
}

/// Runs the preflight and returns its results.
#[utoipa::path(
    post, path = "/salesforce/preflight", tag = "salesforce", operation_id = "run_preflight",
    responses((status = 200, description = "The results of the preflight", body = PreflightResponse), Refused, NoOrg),
)]
pub async fn run(State(state): State<AppState>, caller: Caller) -> Result<Json<PreflightResponse>, Problem> {
    match request_and_wait(&state, caller.workspace, &OrgRequest::Preflight, TIMEOUT).await? {
        Some(OrgResponse::Preflight { checks }) => {
            let checks = checks.iter().map(|check| CheckResponse::of(check, caller.language)).collect();
            Ok(Json(PreflightResponse { checks }))
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}
