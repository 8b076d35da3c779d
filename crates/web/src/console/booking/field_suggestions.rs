//! Fields of the org while a mapping is typed (K17).

use crate::actions::org::lead_description::lead_description;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::suggestion::Suggestion;
use axum::Json;
use axum::extract::{Path, State};
use domain::form::{FieldKind, may_map};
use domain::org::{ObjectDescription, OrgField};
use storage::booking::pages;

const MAX: usize = 12;

/// The Lead fields that begin with or hold what was typed, and that the question may fill.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(page): Path<String>,
    visitor: RequestLanguage,
) -> Result<Json<Vec<Suggestion>>, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let page = match page.parse() {
        Ok(id) => pages::find(&read, workspace, id).await?,
        Err(_) => None,
    };
    let key = visitor.query.text("field");
    let question = page.and_then(|page| page.fields.into_iter().find(|field| field.key == key));
    // A question that isn't saved yet could be of any kind.
    let fits = |field: &OrgField| match &question {
        Some(question) => may_map(question.kind, field),
        None => FieldKind::OF_BOOKINGS.into_iter().any(|kind| may_map(kind, field)),
    };
    let typed = visitor.query.text("q");
    // A field that was made in the org just now is asked for before nothing is suggested.
    let suggests =
        |lead: Option<&ObjectDescription>| lead.is_some_and(|lead| !lead.suggest(typed, fits).is_empty());
    let Some(lead) = lead_description(&state, workspace, suggests).await? else {
        return Ok(Json(Vec::new()));
    };
    let found = lead.suggest(typed, fits);
    Ok(Json(found.into_iter().take(MAX).map(|field| suggestion(&session, field)).collect()))
}

fn suggestion(session: &SignedIn, field: &OrgField) -> Suggestion {
    let kind = session.words.word("field-type", field.kind.name());
    Suggestion::new(field.name.clone(), field.label.clone(), kind)
}
