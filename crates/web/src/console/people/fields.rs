//! The person fields (顧客項目) and the fields of Leads and Contacts that they are tied to (S2, S9, S10).

use crate::actions::people::fields;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::people::field_rows;
use crate::console::people::field_rows::FieldRow;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::suggestion::Suggestion;
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::org::{Descriptions, OrgField};
use domain::people::{
    EMAIL, MappingState, PersonField, PersonFieldKind, PersonFields, PersonObject, map_field,
};
use domain::value::{FieldProblem, WorkspaceId};
use storage::StorageError;
use storage::org::{connections, descriptions};
use storage::workspace::settings;

const PATH: &str = "/console/people/fields";
const MAX_SUGGESTED: usize = 12;
/// Objects that paths of one workspace's fields lead through.
const MAX_OBJECTS: usize = 30;

#[derive(Template)]
#[template(path = "console/people/fields.html")]
struct FieldsPage {
    frame: ConsoleFrame,
    connected: bool,
    is_email_mapped: bool,
    problems: Problems,
    version: String,
    rows: Vec<FieldRow>,
}

/// Shows them.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let workspace = session.account.workspace;
    let mut kept = settings::find::<PersonFields>(&state.database.read(), workspace).await?.fields;
    if visitor.query.find("new").is_some() {
        kept.push(field_rows::empty());
    }
    page(&state, &session, &kept, &Form::default(), &[]).await
}

/// Saves them, or adds a row to what was typed, or takes one away.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let mut typed = field_rows::read(form);
    let action = form.text("do");
    if action == "add" {
        typed.push(field_rows::empty());
        return page(&state, session, &typed, form, &[]).await;
    }
    if let Some(place) = action.strip_prefix("remove:").and_then(|place| place.parse::<usize>().ok()) {
        if typed.get(place).is_some_and(|field| field.name != EMAIL) {
            typed.remove(place);
        }
        return page(&state, session, &typed, form, &[]).await;
    }
    let author = Author::of_form(session.account.email.as_str(), form);
    match fields::save(&state, session.account.workspace, typed.clone(), author).await? {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response()),
        Err(problems) => {
            let page = page(&state, session, &typed, form, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Fields of an object while they are typed: those that a person field of the chosen type can be tied to.
pub async fn suggest(
    State(state): State<AppState>,
    session: SignedIn,
    Path(object): Path<String>,
    visitor: RequestLanguage,
) -> Result<Json<Vec<Suggestion>>, PageError> {
    let object = PersonObject::parse(&object).ok_or_else(|| session.page_error(PageError::not_found()))?;
    let kind = PersonFieldKind::ALL.into_iter().find(|kind| kind.name() == visitor.query.text("kind"));
    let fits =
        |field: &OrgField| kind.is_none_or(|kind| kind.matches(field.kind) != domain::people::TypeMatch::No);
    let found = descriptions::find(&state.database.read(), session.account.workspace, object.name()).await?;
    let Some(found) = found else { return Ok(Json(Vec::new())) };
    let suggestion = |field: &OrgField| {
        let kind = session.words.word("field-type", field.kind.name());
        Suggestion::new(field.name.clone(), field.label.clone(), kind)
    };
    let fields = found.description.suggest(visitor.query.text("q").trim(), fits);
    Ok(Json(fields.into_iter().take(MAX_SUGGESTED).map(suggestion).collect()))
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    shown: &[PersonField],
    typed: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let kept = settings::find::<PersonFields>(&read, workspace).await?;
    let known = described(state, workspace, shown).await?;
    let mut rows = field_rows::rows(t, shown, &kept, &known);
    let problems_shown = Problems::add(t, problems, rows.iter_mut().flat_map(|row| &mut row.inputs));
    render(&FieldsPage {
        connected: connections::find(&read, workspace).await?.is_some(),
        is_email_mapped: kept.is_email_mapped(),
        problems: problems_shown,
        version: version_to_carry::<PersonFields>(&read, workspace, typed, problems).await?,
        rows,
        frame: ConsoleFrame::new(state, session, "people", "person-fields-title").await?,
    })
}

/// What is known of the objects that the fields lead through; the org is not asked.
async fn described(
    state: &AppState,
    workspace: WorkspaceId,
    fields: &[PersonField],
) -> Result<Descriptions, StorageError> {
    let mut known = Descriptions::new();
    for _ in 0..MAX_OBJECTS {
        let undescribed = fields.iter().find_map(|field| {
            PersonObject::ALL.into_iter().find_map(|object| match map_field(field, object, &known) {
                MappingState::Undescribed(on) => Some(on),
                _ => None,
            })
        });
        let Some(object) = undescribed else { break };
        let found = descriptions::find(&state.database.read(), workspace, &object).await?;
        let seen = found.map(|found| found.description).filter(|found| !found.fields.is_empty());
        known.insert(object, seen);
    }
    Ok(known)
}
