//! `/people`: the customer database (S1).

use crate::actions::people::dossier::{Dossier, gather};
use crate::actions::people::person::{Editor, PersonRefusal, add, edit};
use crate::actions::people::sync::retry as retry_person;
use crate::api::people::response::{
    ConsentResponse, PersonDetails, PersonList, PersonMergeResponse, PersonResponse,
};
use crate::api::refusals::{Invalid, InvalidBody, NotFound, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::list::{Key, Position};
use domain::people::{ChangeOrigin, EMAIL, Person, email_key};
use domain::value::{FieldProblem, PersonId};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::StorageError;
use storage::org::connections;
use storage::people::{changes, faults, links, person};

const MAX_PEOPLE: u32 = 200;
/// Changes that are told of one person.
const MAX_CHANGES: u32 = 200;

/// Which people.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Only the person with this e-mail address.
    email: Option<String>,
    /// A part of any value.
    #[serde(default)]
    search: String,
    /// People per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// A new person.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersonBody {
    /// The e-mail address.
    #[schema(example = "taro@sample.example")]
    email: String,
    /// Values by the field's name.
    #[serde(default)]
    #[schema(example = json!({ "last_name": "山田", "company": "サンプル株式会社" }))]
    fields: BTreeMap<String, Option<String>>,
}

/// What changes of a person.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonBody {
    /// Values by the field's name; null and an empty text clear it, what is left out stays.
    #[schema(example = json!({ "title": "部長" }))]
    fields: BTreeMap<String, Option<String>>,
    /// The person refuses mail, or doesn't any more by an act of its own that you keep a record of.
    opted_out: Option<bool>,
}

/// People, those that changed last first.
#[utoipa::path(
    get, path = "/people", tag = "people", operation_id = "list_people", params(PeopleQuery),
    responses((status = 200, description = "People and the next cursor", body = PersonList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(query): Parameters<PeopleQuery>,
) -> Result<Json<PersonList>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_PEOPLE).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_PEOPLE);
        return Err(Problem::invalid_field(fault));
    }
    let read = state.database.read();
    if let Some(email) = query.email {
        let key = email_key(&email);
        if key.is_empty() {
            return Err(Problem::invalid_field(FieldProblem::new("email", "not-an-email")));
        }
        let found = person::by_email(&read, caller.workspace, &[key]).await?;
        return Ok(Json(PersonList { people: shown(&state, &caller, &found).await?, next_cursor: None }));
    }
    let bad_cursor = || Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor"));
    let position = match query.cursor.as_deref() {
        None => Position::Start,
        Some(cursor) => {
            let (value, id) = cursor.split_once('.').ok_or_else(bad_cursor)?;
            id.parse::<PersonId>().map_err(|_| bad_cursor())?;
            value.parse::<i64>().map_err(|_| bad_cursor())?;
            Position::After(Key { value: value.to_owned(), id: id.to_owned() })
        }
    };
    let page = person::select(&read, caller.workspace, query.search.trim(), &position, limit).await?;
    let next_cursor = page.after.map(|key| format!("{}.{}", key.value, key.id));
    Ok(Json(PersonList { people: shown(&state, &caller, &page.rows).await?, next_cursor }))
}

/// Adds a person. It is synced with the next run: with the Lead or Contact that has the address, or as a new Lead.
#[utoipa::path(
    post, path = "/people", tag = "people", operation_id = "create_person", request_body = NewPersonBody,
    responses((status = 201, description = "The person", body = PersonResponse), Refused, InvalidBody),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<NewPersonBody>,
) -> Result<(StatusCode, Json<PersonResponse>), Problem> {
    let mut fields = body.fields;
    fields.insert(EMAIL.to_owned(), Some(body.email));
    let editor = Editor { origin: ChangeOrigin::Api, actor: &caller.actor };
    let person = add(&state, caller.workspace, &fields, editor).await?.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(one(&state, &caller, &person).await?)))
}

/// A person with its partner, values and history.
#[utoipa::path(
    get, path = "/people/{id}", tag = "people", operation_id = "show_person",
    params(("id" = String, Path, description = "The person's ID")),
    responses((status = 200, description = "The person", body = PersonDetails), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonDetails>, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    Ok(Json(details_of(&state, &caller, id).await?))
}

/// Edits a person. What changes is synced with the next run.
#[utoipa::path(
    patch, path = "/people/{id}", tag = "people", operation_id = "edit_person", request_body = PersonBody,
    params(("id" = String, Path, description = "The person's ID")),
    responses((status = 200, description = "The person", body = PersonResponse), Refused, NotFound, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<PersonBody>,
) -> Result<Json<PersonResponse>, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    let editor = Editor { origin: ChangeOrigin::Api, actor: &caller.actor };
    let edited = edit(&state, caller.workspace, id, (&body.fields, body.opted_out), editor).await?;
    let person = edited.map_err(refused)?;
    Ok(Json(one(&state, &caller, &person).await?))
}

/// Has a person synced again with the next run, whatever kept it from that.
#[utoipa::path(
    post, path = "/people/{id}/retry", tag = "people", operation_id = "retry_person",
    params(("id" = String, Path, description = "The person's ID")),
    responses((status = 200, description = "The person", body = PersonResponse), Refused, NotFound),
)]
pub async fn retry(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonResponse>, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    if !retry_person(&state, caller.workspace, id, &caller.actor).await? {
        return Err(Problem::not_found());
    }
    let person = person::find(&state.database.read(), caller.workspace, id).await?;
    Ok(Json(one(&state, &caller, &person.ok_or_else(Problem::not_found)?).await?))
}

fn refused(refusal: PersonRefusal) -> Problem {
    match refusal {
        PersonRefusal::NotFound => Problem::not_found(),
        PersonRefusal::Fields(problems) => Problem::invalid(problems),
    }
}

/// A person with its history, consents and merges.
pub(super) async fn details_of(
    state: &AppState,
    caller: &Caller,
    id: PersonId,
) -> Result<PersonDetails, Problem> {
    let read = state.database.read();
    let person = person::find(&read, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let history = changes::of_person(&read, caller.workspace, id, MAX_CHANGES).await?;
    let Dossier { consents, merges, .. } = gather(state, caller.workspace, &person).await?;
    Ok(PersonDetails {
        person: one(state, caller, &person).await?,
        history: history.into_iter().map(Into::into).collect(),
        consents: consents.into_iter().map(ConsentResponse::of).collect(),
        merges: merges
            .into_iter()
            .map(|merge| PersonMergeResponse {
                id: merge.id.into(),
                email: merge.kept.values.get(EMAIL).cloned().unwrap_or_default(),
                at: merge.at.into(),
                reason: merge.reason,
            })
            .collect(),
    })
}

/// A person as the API shows it.
pub(super) async fn one(
    state: &AppState,
    caller: &Caller,
    person: &Person,
) -> Result<PersonResponse, Problem> {
    let mut shown = shown(state, caller, std::slice::from_ref(person)).await?;
    shown.pop().ok_or_else(Problem::not_found)
}

/// People as they are shown, with what is known of their sync.
pub(crate) async fn shown(
    state: &AppState,
    caller: &Caller,
    found: &[Person],
) -> Result<Vec<PersonResponse>, StorageError> {
    let read = state.database.read();
    let ids: Vec<PersonId> = found.iter().map(|person| person.id).collect();
    let links = links::of_people(&read, caller.workspace, &ids).await?;
    let faults = faults::of_people(&read, caller.workspace, &ids).await?;
    let connection = connections::find(&read, caller.workspace).await?;
    let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
    let shown = found.iter().map(|person| {
        let link = links.iter().find(|link| link.person == person.id && link.is_partner);
        let its: Vec<_> = faults.iter().filter(|fault| fault.person == person.id).collect();
        PersonResponse::of(person, link, &its, instance, caller.language)
    });
    Ok(shown.collect())
}
