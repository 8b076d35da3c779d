//! One person: values, the record with which it is synced, what keeps it from that, conflicts, and history.

use crate::actions::people::conflict::{UndoRefusal, undo as undo_conflict};
use crate::actions::people::dossier::{Dossier, gather};
use crate::actions::people::person::{Editor, PersonRefusal, edit};
use crate::actions::people::sync::retry as retry_person;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::people::list::{name_of, state_of};
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use crate::ui::record_links::to_record;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::people::{
    CREATED, ChangeOrigin, Consent, EMAIL, Person, PersonField, PersonFieldKind, PersonFields, PersonMerge,
    PersonObject, Side,
};
use domain::value::{FieldProblem, PersonConflictId, PersonId};
use std::collections::BTreeMap;
use storage::org::connections;
use storage::people::changes::PersonChange;
use storage::people::conflicts::StoredConflict;
use storage::people::{changes, faults, links, person};
use storage::workspace::settings;

/// Changes and conflicts that the page shows.
const SHOWN: u32 = 100;

struct ConflictLine {
    id: String,
    when: String,
    field: String,
    stayed: String,
    lost: String,
    is_undone: bool,
}

struct ChangeLine {
    when: String,
    what: String,
    by: String,
}

#[derive(Template)]
#[template(path = "console/people/person.html")]
struct PersonPage {
    frame: ConsoleFrame,
    id: String,
    state: &'static str,
    /// The record's name and address; empty without one.
    partner: (String, String, String),
    synced: String,
    opted_out: bool,
    faults: Vec<(String, String)>,
    problems: Problems,
    inputs: Vec<Input>,
    consents: Vec<(String, String)>,
    merges: Vec<(String, String)>,
    /// What the person did: when, what, and the page about it.
    activity: Vec<(String, String, String)>,
    conflicts: Vec<ConflictLine>,
    changes: Vec<ChangeLine>,
    merge_inputs: Vec<Input>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let found = find(&state, &session, &id).await?;
    page(&state, &session, &found, None, &[]).await
}

/// Saves its values; they are synced with the next run.
pub async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let found = find(&state, session, &id).await?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let fields = settings::find::<PersonFields>(&state.database.read(), workspace).await?;
    let given: BTreeMap<String, Option<String>> = fields
        .fields
        .iter()
        .filter_map(|field| {
            Some((field.name.clone(), Some(posted.form.find(&input_name(&field.name))?.to_owned())))
        })
        .collect();
    let editor = Editor { origin: ChangeOrigin::Console, actor };
    match edit(&state, workspace, found.id, (&given, None), editor).await? {
        Ok(_) => Ok(Redirect::to(&format!("/console/people/{id}?done=saved")).into_response()),
        Err(PersonRefusal::NotFound) => Err(session.page_error(PageError::not_found())),
        Err(PersonRefusal::Fields(problems)) => {
            let page = page(&state, session, &found, Some(&posted.form), &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Has it synced again with the next run.
pub async fn retry(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let found = find(&state, session, &id).await?;
    retry_person(&state, session.account.workspace, found.id, &session.account.email.to_string()).await?;
    Ok(Redirect::to(&format!("/console/people/{id}?done=person-retried")).into_response())
}

/// Puts back the value that lost in a conflict.
pub async fn undo(
    State(state): State<AppState>,
    Path((id, conflict)): Path<(String, String)>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let found = find(&state, session, &id).await?;
    let missing = || session.page_error(PageError::not_found());
    let conflict: PersonConflictId = conflict.parse().map_err(|_| missing())?;
    let undone =
        undo_conflict(&state, session.account.workspace, conflict, session.account.email.as_str()).await?;
    match undone {
        Ok(_) | Err(UndoRefusal::Undone) => {
            Ok(Redirect::to(&format!("/console/people/{id}?done=conflict-undone")).into_response())
        }
        Err(UndoRefusal::NotFound) => Err(missing()),
        Err(UndoRefusal::Taken) => {
            let problem = FieldProblem::new("fields.email", "taken");
            let page = page(&state, session, &found, None, &[problem]).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// The person of an address.
pub(super) async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Person, PageError> {
    let missing = || session.page_error(PageError::not_found());
    let id: PersonId = id.parse().map_err(|_| missing())?;
    person::find(&state.database.read(), session.account.workspace, id).await?.ok_or_else(missing)
}

/// The page of a person.
pub(super) async fn page(
    state: &AppState,
    session: &SignedIn,
    found: &Person,
    typed: Option<&Form>,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let fields = settings::find::<PersonFields>(&read, workspace).await?;
    let links = links::of_people(&read, workspace, &[found.id]).await?;
    let partner = links.iter().find(|link| link.is_partner);
    let org = connections::find(&read, workspace).await?;
    let instance = org.as_ref().map(|org| org.instance_url.as_str());
    let known = faults::of_people(&read, workspace, &[found.id]).await?;
    let known_of = gather(state, workspace, found).await?;
    let history = changes::of_person(&read, workspace, found.id, SHOWN).await?;
    let mut inputs: Vec<Input> = fields.fields.iter().map(|field| input(t, field, found, typed)).collect();
    let typed_in = |name: &str| typed.and_then(|form| form.find(name)).unwrap_or_default().to_owned();
    let mut merge_inputs = vec![
        Input::line(t, "other", t.text("person-merge-other"), &typed_in("other")).of(Control::Line("email")),
        Input::line(t, "reason", t.text("person-merge-reason"), &typed_in("reason")),
    ];
    let problems = Problems::add(t, problems, inputs.iter_mut().chain(&mut merge_inputs));
    let frame = ConsoleFrame::new(state, session, "people", "person-title").await?;
    render(&PersonPage {
        id: found.id.to_string(),
        state: state_of(found, partner.map(|link| link.state)).name(),
        partner: partner.map_or_else(Default::default, |link| {
            let object =
                if link.record_id.starts_with("00Q") { PersonObject::Lead } else { PersonObject::Contact };
            let link = to_record(t, instance, object.name(), &link.record_id);
            (link.label, link.address, link.id)
        }),
        synced: partner.map(|link| t.date_time(link.synced_at)).unwrap_or_default(),
        opted_out: found.opted_out,
        faults: known.iter().map(|one| (label_of(t, &fields, &one.field), t.step(&one.reason))).collect(),
        problems,
        inputs,
        merge_inputs,
        consents: known_of.consents.iter().map(|one| consent_line(t, one)).collect(),
        merges: known_of.merges.iter().map(|one| merge_line(t, one)).collect(),
        activity: activity(t, &known_of),
        conflicts: known_of.conflicts.into_iter().map(|one| conflict_line(t, &fields, one)).collect(),
        changes: history.into_iter().map(|one| change_line(t, &fields, &one)).collect(),
        frame: frame.named(name_of(found)),
    })
}

fn input(t: &Translator, field: &PersonField, person: &Person, typed: Option<&Form>) -> Input {
    let kept = person.snapshot.values.get(&field.name).map_or("", String::as_str);
    let name = input_name(&field.name);
    let value = typed.and_then(|form| form.find(&name)).unwrap_or(kept);
    let input = Input::line(t, &name, label(t, field), value);
    match field.kind {
        PersonFieldKind::Textarea => input.of(Control::Area),
        PersonFieldKind::Email => input.of(Control::Line("email")),
        PersonFieldKind::Phone => input.of(Control::Line("tel")),
        _ => input,
    }
}

/// The name that faults are given, too.
fn input_name(field: &str) -> String {
    format!("fields.{field}")
}

/// What people read: the workspace's label, else the catalogue's.
pub(in crate::console) fn label(t: &Translator, field: &PersonField) -> String {
    if field.label.is_empty() { t.word("person-field", &field.name) } else { field.label.clone() }
}

fn label_of(t: &Translator, fields: &PersonFields, name: &str) -> String {
    match fields.find(name) {
        Some(field) => label(t, field),
        None if name == "opted_out" => t.text("person-opted-out"),
        None => name.to_owned(),
    }
}

/// What was agreed to or refused: when and where, and the wording.
fn consent_line(t: &Translator, consent: &Consent) -> (String, String) {
    let what = if consent.is_given { "person-consent-given" } else { "person-consent-refused" };
    let what = t.fill(what, "source", t.word("consent-source", consent.source.name()));
    (format!("{} {what}", t.date_time(consent.at)), consent.wording.clone())
}

/// A merge: its ID, and who it was.
fn merge_line(t: &Translator, merge: &PersonMerge) -> (String, String) {
    let email = merge.kept.values.get(EMAIL).cloned().unwrap_or_default();
    let parts = [("email", email), ("reason", merge.reason.clone()), ("when", t.date_time(merge.at))];
    (merge.id.to_string(), t.sentence("person-merge-line", parts))
}

fn activity(t: &Translator, known: &Dossier) -> Vec<(String, String, String)> {
    let sent = known.submissions.iter().map(|sent| {
        let what = t.fill("person-sent-form", "form", &sent.form_title);
        (sent.created_at, what, format!("/console/submissions/{}", sent.id))
    });
    let booked = known.bookings.iter().map(|booking| {
        let what = t.fill("person-booked", "page", &booking.title);
        (booking.created_at, what, format!("/console/bookings/{}", booking.id))
    });
    let mut all: Vec<_> = sent.chain(booked).collect();
    all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    all.truncate(SHOWN as usize);
    all.into_iter().map(|(at, what, address)| (t.date_time(at), what, address)).collect()
}

fn conflict_line(t: &Translator, fields: &PersonFields, stored: StoredConflict) -> ConflictLine {
    let conflict = stored.conflict;
    let (stayed, lost) = match conflict.winner {
        Side::Local => (conflict.local, conflict.remote),
        Side::Salesforce => (conflict.remote, conflict.local),
    };
    ConflictLine {
        id: stored.id.to_string(),
        when: t.date_time(stored.at),
        field: label_of(t, fields, &conflict.field),
        stayed: blank_word(t, stayed),
        lost: blank_word(t, lost),
        is_undone: stored.undone_at.is_some(),
    }
}

fn change_line(t: &Translator, fields: &PersonFields, change: &PersonChange) -> ChangeLine {
    let parts = [
        ("field", label_of(t, fields, &change.field)),
        ("from", blank_word(t, change.old_value.clone())),
        ("to", blank_word(t, change.new_value.clone())),
    ];
    ChangeLine {
        when: t.date_time(change.at),
        what: if change.field == CREATED {
            t.text("person-change-created")
        } else {
            t.sentence("company-change", parts)
        },
        by: t.word("person-change-origin", change.origin.name()),
    }
}

fn blank_word(t: &Translator, value: String) -> String {
    if value.is_empty() { t.text("person-blank") } else { value }
}
