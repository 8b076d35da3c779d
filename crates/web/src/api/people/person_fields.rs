//! `/person-fields`: the fields of people, and with which fields of the org they are kept equal (S2).

use crate::actions::people::fields;
use crate::actions::seen_version::Author;
use crate::api::refusals::{InvalidBody, Refused};
use crate::api::value::{ConflictRuleWord, PersonFieldKindWord, SyncDirectionWord};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use domain::people::{PersonField, PersonFields};
use domain::value::{FieldProblem, Language};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::workspace::settings;
use utoipa::ToSchema;

/// The fields of people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonFieldList {
    /// In the order in which they are shown.
    fields: Vec<PersonFieldResponse>,
}

/// The fields of people as they are to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonFieldsBody {
    /// All of them, in the order in which they are shown.
    #[schema(value_type = Vec<PersonFieldResponse>)]
    fields: Vec<Value>,
}

/// A field of people.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PersonField)]
pub struct PersonFieldResponse {
    /// Its name in values: lower-case letters, digits and underscores.
    #[schema(example = "title")]
    name: String,
    /// What people read.
    #[schema(example = "役職")]
    label: String,
    /// What it holds.
    r#type: PersonFieldKindWord,
    /// The Lead's field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "Title")]
    lead_field: Option<String>,
    /// The Contact's field, or a path through a reference, which is only read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "Title")]
    contact_field: Option<String>,
    /// Which way values go.
    #[schema(required = false)]
    direction: SyncDirectionWord,
    /// Who is right when both sides have changed it: the later edit, the org, or the person here.
    #[schema(required = false)]
    conflict: ConflictRuleWord,
}

/// The fields of people.
#[utoipa::path(
    get, path = "/person-fields", tag = "people", operation_id = "list_person_fields",
    responses((status = 200, description = "The fields", body = PersonFieldList), Refused),
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<PersonFieldList>, Problem> {
    let fields = settings::find::<PersonFields>(&state.database.read(), caller.workspace).await?;
    Ok(Json(shown(&fields, caller.language)))
}

/// Replaces the fields. The e-mail address stays; where its mapping is taken away, nothing is synced any more.
#[utoipa::path(
    put, path = "/person-fields", tag = "people", operation_id = "save_person_fields", request_body = PersonFieldsBody,
    responses((status = 200, description = "The fields as saved", body = PersonFieldList), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<PersonFieldsBody>,
) -> Result<Json<PersonFieldList>, Problem> {
    let mut read = Vec::new();
    let mut problems = Vec::new();
    for (place, field) in body.fields.into_iter().enumerate() {
        match serde_json::from_value::<PersonField>(field) {
            Ok(field) => read.push(field),
            Err(error) => problems.push(
                FieldProblem::new(format!("fields[{place}]"), "not-a-person-field").with("reason", error),
            ),
        }
    }
    if !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    let saved = fields::save(&state, caller.workspace, read, Author::program(&caller.actor)).await?;
    Ok(Json(shown(&saved.map_err(Problem::invalid)?, caller.language)))
}

fn shown(fields: &PersonFields, language: Language) -> PersonFieldList {
    let fields = fields.fields.iter().map(|field| PersonFieldResponse {
        name: field.name.clone(),
        label: label(field, language),
        r#type: field.kind.into(),
        lead_field: field.lead_field.clone(),
        contact_field: field.contact_field.clone(),
        direction: field.direction.into(),
        conflict: field.conflict.into(),
    });
    PersonFieldList { fields: fields.collect() }
}

/// What people read: the workspace's label, else the catalogue's.
fn label(field: &PersonField, language: Language) -> String {
    if field.label.is_empty() {
        return catalogue::text(language, &format!("person-field-{}", field.name));
    }
    field.label.clone()
}
