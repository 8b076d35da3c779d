//! Making and changing a form (F1–F3).

use crate::actions::form::forms as actions;
use crate::actions::form::forms::FormChange;
use crate::actions::org::lead_description::object_description;
use crate::actions::refusal::Refusal;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::preflight::TIMEOUT;
use crate::console::form::inputs::Sections;
use crate::console::form::read;
use crate::console::form::rows::Rows;
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::org_unavailable::org_error_text;
use crate::ui::removed::Removed;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::booking::local;
use domain::form::{
    AfterSubmission, ExistingRecord, FieldKind, FieldMapping, Form, FormField, FormSalesforce, check_form,
    check_publishable,
};
use domain::org::ObjectDescription;
use domain::value::FieldProblem;
use storage::booking::pages;
use storage::form::forms;
use storage::org::{connections, descriptions};
use storage::router::routers;

#[derive(Template)]
#[template(path = "console/form/editor.html")]
struct EditorPage {
    frame: ConsoleFrame,
    action: String,
    public_url: String,
    embed: String,
    is_new: bool,
    problems: Problems,
    /// What the org would have against it, while it is not published.
    missing: Vec<String>,
    is_connected: bool,
    sections: Sections,
    removed: Option<Removed>,
    version: String,
}

/// Shows the editor for a new form, with the questions that nearly every form has.
pub async fn new(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_edit()?;
    let form = usual(&state);
    editor(&state, &session, None, &read::of_form(&form), &Rows::of_form(&form), Trouble::default()).await
}

/// Shows a form's editor.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let form = find(&state, &session, &id).await?;
    editor(&state, &session, Some(&form), &read::of_form(&form), &Rows::of_form(&form), Trouble::default())
        .await
}

/// Makes a form.
pub async fn create(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    posted.session.may_edit()?;
    let blank = Form { fields: Vec::new(), salesforce: FormSalesforce::default(), ..usual(&state) };
    store(&state, &posted.session, &posted.form, blank, true).await
}

/// Saves a form.
pub async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    posted.session.may_edit()?;
    let form = find(&state, &posted.session, &id).await?;
    store(&state, &posted.session, &posted.form, form, false).await
}

/// Removes a form; its submissions stay.
pub async fn remove(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let form = find(&state, session, &id).await?;
    actions::remove(&state, session.account.workspace, (form.id, &form.slug), session.account.email.as_str())
        .await?;
    Ok(Redirect::to("/console/forms?done=removed"))
}

pub(super) async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Form, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let id = id.parse().map_err(|_| not_found)?;
    forms::find(&state.database.read(), session.account.workspace, id).await?.ok_or(not_found)
}

async fn store(
    state: &AppState,
    session: &SignedIn,
    typed: &Typed,
    old: Form,
    is_new: bool,
) -> Result<Response, PageError> {
    let mut rows = Rows::read(typed);
    let shown = (!is_new).then(|| old.clone());
    if rows.change(typed.text("do"), typed.text("removed")) {
        return editor(state, session, shown.as_ref(), typed, &rows, Trouble::default()).await;
    }
    rows.tidy();
    let seen = typed.number("version").unwrap_or(old.version);
    let (mut form, mut problems) = read::read(typed, &rows, old);
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    if !form.salesforce.object.is_empty() {
        let resolves = |object: Option<&ObjectDescription>| {
            object.is_some_and(|object| read::resolve_labels(&mut form.clone(), object).is_empty())
        };
        if let Some(object) = object_description(state, workspace, &form.salesforce.object, resolves).await? {
            problems.extend(read::resolve_labels(&mut form, &object));
        }
    }
    let change = if is_new { FormChange::Created } else { FormChange::Replaced { seen } };
    let saved = actions::save(state, workspace, form.clone(), change, problems, actor, TIMEOUT).await?;
    let trouble = match saved {
        Ok(saved) => {
            let done = if is_new { "created" } else { "saved" };
            return Ok(Redirect::to(&format!("/console/forms/{}?done={done}", saved.id)).into_response());
        }
        Err(Refusal::Fields(problems)) => {
            Trouble { problems: read::at_inputs(problems, &form), ..Trouble::default() }
        }
        Err(Refusal::Unanswered(answer)) => {
            Trouble { note: org_error_text(&session.words, answer.as_ref()), ..Trouble::default() }
        }
    };
    let page = editor(state, session, shown.as_ref(), typed, &rows, trouble).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Default)]
struct Trouble {
    note: String,
    problems: Vec<FieldProblem>,
}

async fn editor(
    state: &AppState,
    session: &SignedIn,
    form: Option<&Form>,
    typed: &Typed,
    rows: &Rows,
    trouble: Trouble,
) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let action =
        form.map_or_else(|| "/console/forms/new".to_owned(), |form| format!("/console/forms/{}", form.id));
    let object = descriptions::find(&read, workspace, typed.text("salesforce.object")).await?;
    let object = object.map(|known| known.description);
    let pages = pages::list(&read, workspace).await?;
    let routers = routers::list(&read, workspace).await?;
    let suggest = format!("{action}/suggest");
    let mut sections = Sections::new(t, typed, rows, object.as_ref(), (&pages, &routers), &suggest);
    let is_conflict = trouble.problems.iter().any(|problem| problem.code == "changed-meanwhile");
    let mut problems = Problems::add(t, &trouble.problems, sections.inputs());
    if !trouble.note.is_empty() {
        problems = problems.and(trouble.note);
    }
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    let is_clean = trouble.problems.is_empty();
    let missing = match form {
        Some(form) if !form.active && is_clean => missing(state, session, form, object.as_ref()),
        _ => Vec::new(),
    };
    render(&EditorPage {
        public_url: form.map(|form| format!("{base}/f/{}", form.slug)).unwrap_or_default(),
        embed: form
            .map(|form| format!("<div data-tsugite-form=\"{}\"></div>", form.slug))
            .unwrap_or_default(),
        is_new: form.is_none(),
        problems,
        missing,
        is_connected: connections::find(&read, workspace).await?.is_some(),
        sections,
        removed: rows.removed.as_ref().map(|removed| removed.shown(t)),
        // Who was told of a newer version goes on from that.
        version: match form {
            Some(form) if is_conflict => form.version.to_string(),
            Some(form) => typed.find("version").map_or_else(|| form.version.to_string(), str::to_owned),
            None => String::new(),
        },
        action,
        frame: match form {
            Some(form) => {
                let (standing, tone) =
                    if form.active { ("form-published", "good") } else { ("form-draft", "cancelled") };
                let frame = ConsoleFrame::new(state, session, "forms", "form-edit-title").await?;
                frame.named(form.title_in(t.language)).standing(tone, t.text(standing))
            }
            None => ConsoleFrame::new(state, session, "forms", "form-new-title").await?,
        },
    })
}

/// What stands between a draft and its publication, by what was described last; the org is asked when it is published.
fn missing(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    object: Option<&ObjectDescription>,
) -> Vec<String> {
    let t = &session.words;
    let mut problems = check_form(form);
    match object {
        _ if form.salesforce.object.is_empty() => {
            problems.push(FieldProblem::new("salesforce.object", "form-needs-object"));
        }
        Some(object) => {
            let today = local(state.clock.now(), &session.workspace.time_zone).date();
            problems.extend(check_publishable(form, object, today));
        }
        None => problems.push(FieldProblem::new("salesforce.object", "org-not-described")),
    }
    problems.iter().map(|problem| t.problem(problem)).collect()
}

/// The questions that nearly every form has, for a Lead.
fn usual(state: &AppState) -> Form {
    let question = |key: &str, kind, label: &str, label_en: &str, required| FormField {
        key: key.to_owned(),
        label: label.to_owned(),
        label_en: Some(label_en.to_owned()),
        kind,
        required,
        ..FormField::default()
    };
    let mapping = |field: &str, target: &str| FieldMapping {
        field: field.to_owned(),
        salesforce_field: target.to_owned(),
    };
    Form {
        id: storage::ids::new(state.clock.now()),
        slug: String::new(),
        title: String::new(),
        title_en: String::new(),
        description: String::new(),
        description_en: String::new(),
        active: false,
        version: 0,
        fields: vec![
            question("company", FieldKind::Company, "会社名", "Company", true),
            question("name", FieldKind::Name, "お名前", "Name", true),
            question("email", FieldKind::Email, "メールアドレス", "Email address", true),
            question("message", FieldKind::Textarea, "お問い合わせ内容", "Message", false),
        ],
        salesforce: FormSalesforce {
            object: "Lead".to_owned(),
            existing: ExistingRecord::Update,
            mappings: vec![
                mapping("company", "Company"),
                mapping("name.family", "LastName"),
                mapping("name.given", "FirstName"),
                mapping("email", "Email"),
                mapping("message", "Description"),
            ],
            ..FormSalesforce::default()
        },
        confirm: false,
        then: AfterSubmission::default(),
    }
}
