//! `/mailings/{id}/…`: letting a mailing go out, and holding it.

use crate::actions::mailing::changes;
use crate::actions::mailing::test_mail;
use crate::actions::mailing::test_mail::TestSent;
use crate::api::mailing::mailings::{find, find_person, refused, with_counts};
use crate::api::mailing::response::MailingResponse;
use crate::api::notification::channel_test::ChannelTest;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::refusals::{InvalidBody, MailingRefused, NoAnswer, NotFound, Refused, TestTooSoon};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::mailing::MailingAction;
use domain::value::{EmailAddress, FieldProblem, MailingId, Timestamp};
use serde::Deserialize;
use storage::org_request::OrgResponse;

/// To whom a test goes.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestMailingBody {
    /// The address.
    #[serde(default)]
    #[schema(example = "me@sample.example")]
    address: String,
    /// The ID of the person whose values are filled in; sample values when missing.
    #[schema(example = "019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11")]
    person: Option<String>,
}

/// When a mailing begins.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StartMailingBody {
    /// A time, RFC 3339; at once when missing.
    #[schema(example = "2026-06-01T00:00:00Z")]
    at: Option<String>,
}

/// Sends a mailing to one address, to look at it. It counts nowhere.
#[utoipa::path(
    post, path = "/mailings/{id}/test", tag = "mailings", operation_id = "test_mailing", request_body = TestMailingBody,
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "What the mail server said", body = ChannelTest), Refused, NotFound, InvalidBody, NoAnswer, TestTooSoon),
)]
pub async fn test(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<TestMailingBody>,
) -> Result<Json<ChannelTest>, Problem> {
    let mailing = find(&state, &caller, &id).await?;
    let bad = |_| Problem::invalid_field(FieldProblem::new("address", "not-an-email"));
    let address = EmailAddress::parse(&body.address).map_err(bad)?;
    let person = find_person(&state, &caller, body.person.as_deref()).await?;
    let to = (person.as_ref(), &address);
    let by = (caller.actor.as_str(), TIMEOUT);
    match test_mail::send(&state, caller.workspace, &mailing.content, to, by).await? {
        TestSent::TooSoon(allowed) => Err(Problem::too_soon("test-too-soon", allowed)),
        TestSent::Answered(Some(OrgResponse::NotificationTested { results })) => {
            Ok(Json(ChannelTest::of(&results, caller.language)))
        }
        TestSent::Answered(answer) => Err(org_problem(answer.as_ref())),
    }
}

/// Lets a draft go out, at once or at a time. Refused while something that the law asks for is missing from the settings.
#[utoipa::path(
    post, path = "/mailings/{id}/start", tag = "mailings", operation_id = "start_mailing", request_body = StartMailingBody,
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "The mailing", body = MailingResponse), Refused, NotFound, InvalidBody, MailingRefused),
)]
pub async fn start(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<StartMailingBody>,
) -> Result<Json<MailingResponse>, Problem> {
    let id: MailingId = id.parse().map_err(|_| Problem::not_found())?;
    let at = body.at.map(|at| {
        Timestamp::parse(&at).ok_or_else(|| Problem::invalid_field(FieldProblem::new("at", "not-a-time")))
    });
    let started = changes::start(&state, caller.workspace, id, at.transpose()?, &caller.actor).await?;
    Ok(Json(with_counts(&state, &caller, started.map_err(refused)?).await?))
}

/// Holds a mailing; what is being sent at this moment is sent to its end.
#[utoipa::path(
    post, path = "/mailings/{id}/pause", tag = "mailings", operation_id = "pause_mailing",
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "The mailing", body = MailingResponse), Refused, NotFound, MailingRefused),
)]
pub async fn pause(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MailingResponse>, Problem> {
    act(&state, &caller, &id, MailingAction::Pause).await
}

/// Goes on with a mailing that was held, from where it was.
#[utoipa::path(
    post, path = "/mailings/{id}/resume", tag = "mailings", operation_id = "resume_mailing",
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "The mailing", body = MailingResponse), Refused, NotFound, MailingRefused),
)]
pub async fn resume(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MailingResponse>, Problem> {
    act(&state, &caller, &id, MailingAction::Resume).await
}

/// Breaks a mailing off; nothing more of it is sent.
#[utoipa::path(
    post, path = "/mailings/{id}/cancel", tag = "mailings", operation_id = "cancel_mailing",
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "The mailing", body = MailingResponse), Refused, NotFound, MailingRefused),
)]
pub async fn cancel(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MailingResponse>, Problem> {
    act(&state, &caller, &id, MailingAction::Cancel).await
}

async fn act(
    state: &AppState,
    caller: &Caller,
    id: &str,
    action: MailingAction,
) -> Result<Json<MailingResponse>, Problem> {
    let id: MailingId = id.parse().map_err(|_| Problem::not_found())?;
    let done = changes::act(state, caller.workspace, id, action, &caller.actor).await?;
    Ok(Json(with_counts(state, caller, done.map_err(refused)?).await?))
}
