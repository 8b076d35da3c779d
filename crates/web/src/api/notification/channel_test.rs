//! `/settings/notifications/test`: whether a channel accepts messages (N1).

use crate::actions::notification::take_test;
use crate::actions::org_request::request_and_wait;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::refusals::{InvalidBody, NoAnswer, Refused, TestTooSoon};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use domain::notification::{Channel, TestResult};
use domain::value::{FieldProblem, Language};
use serde::{Deserialize, Serialize};
use storage::org_request::{OrgRequest, OrgResponse};
use utoipa::ToSchema;

/// The channel to test.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestBody {
    /// `slack` or `email`.
    channel: String,
}

/// The result of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelTest {
    /// The channel accepted every message.
    sent: bool,
    /// One result for each recipient.
    results: Vec<TestResultResponse>,
}

/// The result for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TestResult)]
pub struct TestResultResponse {
    /// The address; empty for Slack.
    #[schema(example = "owner@demo.example")]
    recipient: String,
    /// The channel accepted the message.
    sent: bool,
    /// A code for programs.
    #[schema(example = "mail-sent")]
    code: String,
    /// What the channel responded, in the caller's language.
    #[schema(example = "The mail server accepted the message")]
    text: String,
}

impl ChannelTest {
    /// Shows what came of a test.
    pub(crate) fn of(results: &[TestResult], language: Language) -> Self {
        let sent = !results.is_empty() && results.iter().all(|result| result.sent);
        Self {
            sent,
            results: results.iter().map(|result| TestResultResponse::of(result, language)).collect(),
        }
    }
}

impl TestResultResponse {
    fn of(result: &TestResult, language: Language) -> Self {
        Self {
            recipient: result.recipient.clone(),
            sent: result.sent,
            code: result.answer.code.clone(),
            text: catalogue::step(language, &result.answer),
        }
    }
}

/// Sends a test message to every recipient of a channel and returns its responses.
#[utoipa::path(
    post, path = "/settings/notifications/test", tag = "settings", operation_id = "test_notifications", request_body = TestBody,
    responses((status = 200, description = "The channel's response for each recipient", body = ChannelTest), Refused, InvalidBody, NoAnswer, TestTooSoon),
)]
pub async fn test(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<TestBody>,
) -> Result<Json<ChannelTest>, Problem> {
    let Some(channel) = Channel::parse(&given.channel) else {
        let problem = FieldProblem::new("channel", "not-an-option").with("value", &given.channel);
        return Err(Problem::invalid_field(problem));
    };
    if let Some(allowed) = take_test(&state, caller.workspace, &caller.actor, channel).await? {
        return Err(Problem::too_soon("test-too-soon", allowed));
    }
    let question = OrgRequest::TestNotification { channel };
    match request_and_wait(&state, caller.workspace, &question, TIMEOUT).await? {
        Some(OrgResponse::NotificationTested { results }) => {
            Ok(Json(ChannelTest::of(&results, caller.language)))
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}
