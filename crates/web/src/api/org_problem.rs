//! Why a call that needs the org has no answer.

use crate::actions::refusal::Refusal;
use crate::http::problem::Problem;
use axum::http::StatusCode;
use std::time::Duration;
use storage::org_request::OrgResponse;

/// How long an API caller waits for an answer that needs Salesforce.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(45);

/// The problem for what came instead of the org's answer.
pub(crate) fn org_problem(answer: Option<&OrgResponse>) -> Problem {
    match answer {
        Some(OrgResponse::NotConnected) => Problem::conflict("not-connected"),
        Some(_) => Problem::new(StatusCode::BAD_GATEWAY, "salesforce-unavailable"),
        None => Problem::new(StatusCode::GATEWAY_TIMEOUT, "no-answer-yet"),
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fields(problems) => Self::invalid(problems),
            Refusal::Unanswered(answer) => org_problem(answer.as_ref()),
        }
    }
}
