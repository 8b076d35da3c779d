//! Merging people, separating them, taking them out, and the file with everything that is known of one.

use crate::actions::people::dossier::gather;
use crate::actions::people::merge;
use crate::actions::people::merge::MergeRefusal;
use crate::actions::people::person::{Editor, edit};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::people::person::{find, page};
use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::people::{ChangeOrigin, email_key};
use domain::value::{FieldProblem, PersonMergeId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use storage::people::{changes, person};

const MAX_REASON: usize = 500;
/// Changes in the file, at most.
const MOST: u32 = 10_000;

/// Merges the person with the address that was typed into this one.
pub async fn merge(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_edit()?;
    let found = find(&state, session, &id).await?;
    let workspace = session.account.workspace;
    let other = form.text("other").trim();
    let key = email_key(other);
    let known = if key.is_empty() {
        None
    } else {
        person::by_email(&state.database.read(), workspace, &[key]).await?.pop()
    };
    let reason: String = form.text("reason").trim().chars().take(MAX_REASON).collect();
    let editor = Editor { origin: ChangeOrigin::Console, actor: session.account.email.as_str() };
    let problem = match known {
        None => FieldProblem::new("other", "no-such-person"),
        Some(known) => match merge::merge(&state, workspace, (found.id, known.id), &reason, editor).await? {
            Ok(_) => {
                let to = format!("/console/people/{id}?done=people-merged");
                return Ok(Redirect::to(&to).into_response());
            }
            Err(MergeRefusal::Same) => FieldProblem::new("other", "same-person"),
            Err(MergeRefusal::NotFound | MergeRefusal::AddressTaken) => {
                FieldProblem::new("other", "no-such-person")
            }
        },
    };
    let page = page(&state, session, &found, Some(form), &[problem]).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Separates two people again.
pub async fn undo_merge(
    State(state): State<AppState>,
    Path((id, merge)): Path<(String, String)>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let found = find(&state, session, &id).await?;
    let missing = || session.page_error(PageError::not_found());
    let merge: PersonMergeId = merge.parse().map_err(|_| missing())?;
    let editor = Editor { origin: ChangeOrigin::Console, actor: session.account.email.as_str() };
    match merge::unmerge(&state, session.account.workspace, merge, editor).await? {
        Ok(back) => Ok(Redirect::to(&format!("/console/people/{back}?done=people-unmerged")).into_response()),
        Err(MergeRefusal::AddressTaken) => {
            let problem = FieldProblem::new("fields.email", "taken");
            let page = page(&state, session, &found, None, &[problem]).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(MergeRefusal::NotFound | MergeRefusal::Same) => Err(missing()),
    }
}

/// Takes the person out, for good if that was chosen.
pub async fn delete(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let found = find(&state, session, &id).await?;
    if !form.is_on("sure") {
        let problem = FieldProblem::new("", "not-sure");
        let page = page(&state, session, &found, None, &[problem]).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let is_erased = form.text("erase") == "yes";
    merge::delete(&state, workspace, found.id, is_erased, actor).await?;
    let done = if is_erased { "person-erased" } else { "person-deleted" };
    Ok(Redirect::to(&format!("/console/people?done={done}")).into_response())
}

/// Sets whether mail is refused, as the person has said.
pub async fn opt_out(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_edit()?;
    let found = find(&state, session, &id).await?;
    let editor = Editor { origin: ChangeOrigin::Console, actor: session.account.email.as_str() };
    let opted_out = Some(form.text("opted_out") == "true");
    let saved =
        edit(&state, session.account.workspace, found.id, (&BTreeMap::new(), opted_out), editor).await?;
    saved.map_err(|_| session.page_error(PageError::not_found()))?;
    Ok(Redirect::to(&format!("/console/people/{id}?done=saved")))
}

/// Everything that is known of the person, as a file for the person.
pub async fn export(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let found = find(&state, &session, &id).await?;
    let workspace = session.account.workspace;
    let known = gather(&state, workspace, &found).await?;
    let history = changes::of_person(&state.database.read(), workspace, found.id, MOST).await?;
    let file = json!({
        "id": found.id.to_string(),
        "fields": found.snapshot.values,
        "opted_out": found.opted_out,
        "created_at": found.created_at.to_string(),
        "history": history.iter().map(|change| json!({
            "at": change.at.to_string(), "field": change.field, "old_value": change.old_value,
            "new_value": change.new_value, "origin": change.origin.name(),
        })).collect::<Vec<Value>>(),
        "consents": known.consents.iter().map(|consent| json!({
            "at": consent.at.to_string(), "is_given": consent.is_given, "source": consent.source.name(),
            "wording": consent.wording,
        })).collect::<Vec<Value>>(),
        "submissions": known.submissions.iter().map(|sent| json!({
            "at": sent.created_at.to_string(), "form": sent.form_title,
            "answers": sent.lines().map(|(question, answer)| json!([question, answer])).collect::<Vec<Value>>(),
        })).collect::<Vec<Value>>(),
        "bookings": known.bookings.iter().map(|booking| json!({
            "start": booking.start.to_string(), "page": booking.page_path,
        })).collect::<Vec<Value>>(),
    });
    let text = serde_json::to_string_pretty(&file).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"person-{}.json\"", found.id)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}
