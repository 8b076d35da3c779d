//! Two people who are one, separating them again, taking people out, and everything that is known of one.

use crate::actions::people::dossier::{Dossier, gather};
use crate::actions::people::merge::{MergeRefusal, delete as delete_person, merge, unmerge};
use crate::actions::people::person::Editor;
use crate::api::people::person::{details_of, one};
use crate::api::people::response::{ConflictResponse, ConsentResponse, PersonDetails, PersonResponse};
use crate::api::refusals::{Invalid, InvalidBody, MergeRefused, NotFound, Refused, UnmergeRefused};
use crate::api::value::{Id, Time};
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::people::ChangeOrigin;
use domain::value::{FieldProblem, PersonId, PersonMergeId};
use serde::{Deserialize, Serialize};
use storage::people::person;
use utoipa::ToSchema;

const MAX_REASON: usize = 500;

/// Who is the same person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    /// The one who goes on as this person.
    #[serde(default)]
    #[schema(required = true, example = "019a0000000070008000000000000000")]
    other: String,
    /// Why, in your words.
    #[serde(default)]
    #[schema(example = "同一人物（改姓）")]
    reason: String,
}

/// How a person is taken out.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteQuery {
    /// No sync and no import brings the address back; only a hash of it is kept for that.
    #[serde(default)]
    erase: bool,
}

/// Everything that is known of a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonExport {
    /// The person with its history, consents and merges.
    #[serde(flatten)]
    person: PersonDetails,
    /// Values that lost in conflicts.
    conflicts: Vec<ConflictResponse>,
    /// What the person sent by forms.
    submissions: Vec<SentForm>,
    /// Meetings that the person booked.
    bookings: Vec<BookedMeeting>,
}

/// A form that somebody sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SentForm {
    /// The submission.
    id: Id,
    /// The form's title.
    #[schema(example = "資料請求")]
    form: String,
    /// When.
    at: Time,
    /// Questions and answers.
    answers: Vec<AnswerLine>,
}

/// A question and its answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerLine {
    /// The question.
    #[schema(example = "ご用件")]
    question: String,
    /// The answer.
    #[schema(example = "資料請求")]
    answer: String,
}

/// A meeting that somebody booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BookedMeeting {
    /// The booking.
    id: Id,
    /// The page.
    #[schema(example = "sales/demo")]
    page: String,
    /// When it begins.
    start: Time,
    /// Questions and answers.
    answers: Vec<AnswerLine>,
}

/// Merges another person into this one: records, and values where this one's are blank. A refusal of mail stays one.
#[utoipa::path(
    post, path = "/people/{id}/merge", tag = "people", operation_id = "merge_people", request_body = MergeBody,
    params(("id" = String, Path, description = "The one who stays")),
    responses((status = 200, description = "The one who stays", body = PersonDetails), Refused, NotFound, InvalidBody, MergeRefused),
)]
pub async fn merge_into(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<MergeBody>,
) -> Result<Json<PersonDetails>, Problem> {
    let winner: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    let unknown = || Problem::invalid_field(FieldProblem::new("other", "no-such-person"));
    if person::find(&state.database.read(), caller.workspace, winner).await?.is_none() {
        return Err(Problem::not_found());
    }
    let loser: PersonId = body.other.parse().map_err(|_| unknown())?;
    if body.reason.chars().count() > MAX_REASON {
        return Err(Problem::invalid_field(FieldProblem::new("reason", "too-long").with("max", MAX_REASON)));
    }
    let editor = Editor { origin: ChangeOrigin::Api, actor: &caller.actor };
    match merge(&state, caller.workspace, (winner, loser), &body.reason, editor).await? {
        Ok(_) => Ok(Json(details_of(&state, &caller, winner).await?)),
        Err(MergeRefusal::Same) => Err(Problem::conflict("person-merge-same")),
        Err(MergeRefusal::NotFound | MergeRefusal::AddressTaken) => Err(unknown()),
    }
}

/// Separates two people again who were merged.
#[utoipa::path(
    post, path = "/people/{id}/merges/{merge}/undo", tag = "people", operation_id = "undo_people_merge",
    params(("id" = String, Path, description = "The one who stayed"), ("merge" = String, Path, description = "The merge's ID")),
    responses((status = 200, description = "The one who is back", body = PersonResponse), Refused, NotFound, UnmergeRefused),
)]
pub async fn undo_merge(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, merge)): Path<(String, String)>,
) -> Result<Json<PersonResponse>, Problem> {
    let _: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    let merge: PersonMergeId = merge.parse().map_err(|_| Problem::not_found())?;
    let editor = Editor { origin: ChangeOrigin::Api, actor: &caller.actor };
    match unmerge(&state, caller.workspace, merge, editor).await? {
        Ok(back) => {
            let found = person::find(&state.database.read(), caller.workspace, back).await?;
            Ok(Json(one(&state, &caller, &found.ok_or_else(Problem::not_found)?).await?))
        }
        Err(MergeRefusal::AddressTaken) => Err(Problem::conflict("person-address-taken")),
        Err(MergeRefusal::NotFound | MergeRefusal::Same) => Err(Problem::not_found()),
    }
}

/// Takes a person out with everything that is known of it. Records of the org stay as they are.
#[utoipa::path(
    delete, path = "/people/{id}", tag = "people", operation_id = "delete_person", params(DeleteQuery, ("id" = String, Path, description = "The person's ID")),
    responses((status = 204, description = "The person is gone"), Refused, Invalid, NotFound),
)]
pub async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Parameters(query): Parameters<DeleteQuery>,
) -> Result<StatusCode, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    if delete_person(&state, caller.workspace, id, query.erase, &caller.actor).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}

/// Everything that is known of a person, for the person.
#[utoipa::path(
    get, path = "/people/{id}/export", tag = "people", operation_id = "export_person",
    params(("id" = String, Path, description = "The person's ID")),
    responses((status = 200, description = "Everything", body = PersonExport), Refused, NotFound),
)]
pub async fn export(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonExport>, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    let found = person::find(&state.database.read(), caller.workspace, id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let Dossier { conflicts, submissions, bookings, .. } = gather(&state, caller.workspace, &found).await?;
    Ok(Json(PersonExport {
        person: details_of(&state, &caller, id).await?,
        conflicts: conflicts.into_iter().map(Into::into).collect(),
        submissions: submissions
            .iter()
            .map(|sent| SentForm {
                id: sent.id.into(),
                form: sent.form_title.clone(),
                at: sent.created_at.into(),
                answers: sent
                    .lines()
                    .map(|(question, answer)| AnswerLine { question: question.to_owned(), answer })
                    .collect(),
            })
            .collect(),
        bookings: bookings
            .iter()
            .map(|booking| BookedMeeting {
                id: booking.id.into(),
                page: booking.page_path.clone(),
                start: booking.start.into(),
                answers: booking
                    .answers
                    .iter()
                    .map(|(key, answer)| AnswerLine { question: key.clone(), answer: answer.to_text() })
                    .collect(),
            })
            .collect(),
    }))
}

impl ConsentResponse {
    /// Shows what was agreed to or refused.
    pub(super) fn of(consent: domain::people::Consent) -> Self {
        Self {
            at: consent.at.into(),
            is_given: consent.is_given,
            source: consent.source.into(),
            source_id: consent.source_id,
            wording: consent.wording,
        }
    }
}
