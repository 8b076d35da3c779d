//! The dry run: what a booking would do in Salesforce now, and why; nothing is written (K20).

use crate::actions::dry_run;
use crate::actions::org_request::request_and_wait;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::field_labels::{FieldLabels, not_yet_there};
use crate::console::delivery::preflight::TIMEOUT;
use crate::console::delivery::progress::{TimelineLine, timeline_line};
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use crate::ui::org_unavailable::org_error_text;
use crate::ui::question_input;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::booking::BookingPage;
use domain::delivery::{DeliveryKind, DeliveryPlan, Operation, Write};
use domain::form::{FieldKind, FormField};
use domain::value::{FieldProblem, Language, Timestamp};
use serde_json::Value;
use storage::booking::pages;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::teams;

/// What one delivery would do.
pub(crate) struct Planned {
    pub(crate) kind: &'static str,
    pub(crate) steps: Vec<TimelineLine>,
    pub(crate) writes: Vec<(String, Vec<(String, String)>)>,
}

#[derive(Template)]
#[template(path = "console/delivery/dry_run.html")]
struct DryRunPage {
    frame: ConsoleFrame,
    problems: Problems,
    page: Input,
    page_id: String,
    inputs: Vec<Input>,
    failure: String,
    plans: Option<Vec<Planned>>,
}

/// Shows the form for a page's questions.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    result(&state, &session, &visitor.query, &[], None).await
}

/// Asks the engine and shows its plans.
pub async fn run(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    let pages = pages::list(&state.database.read(), session.account.workspace).await?;
    let Some(page) = chosen(&pages, form) else {
        return Err(session.page_error(PageError::not_found()));
    };
    let question = match question(page, form, session.words.language) {
        Ok(question) => question,
        Err(problems) => {
            let page = result(&state, session, form, &problems, None).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let answer = request_and_wait(&state, session.account.workspace, &question, TIMEOUT).await?;
    result(&state, session, form, &[], Some(answer)).await
}

fn chosen<'a>(pages: &'a [BookingPage], form: &Form) -> Option<&'a BookingPage> {
    let wanted = form.text("page");
    pages.iter().find(|page| page.id.to_string() == wanted).or(pages.first())
}

fn question(page: &BookingPage, form: &Form, language: Language) -> Result<OrgRequest, Vec<FieldProblem>> {
    let host = Some(form.text("host").to_owned()).filter(|host| !host.is_empty());
    dry_run::request(page, form.text("email"), &question_input::answers(&page.fields, form), host, language)
}

async fn result(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
    answer: Option<Option<OrgResponse>>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let pages = pages::list(&read, workspace).await?;
    let connection = connections::find(&read, workspace).await?;
    let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
    let page = chosen(&pages, form);
    let mut inputs = match page {
        Some(page) => inputs(t, form, page, &teams::find_members(&read, workspace, &page.members).await?),
        None => Vec::new(),
    };
    let problems = Problems::add(t, problems, &mut inputs);
    let known = FieldLabels::load(&read, workspace).await?;
    let (failure, plans) = outcome(t, &known, instance, answer);
    let page_id = page.map(|page| page.id.to_string()).unwrap_or_default();
    let offered =
        pages.iter().map(|page| (page.id.to_string(), page.title_in(t.language).to_owned())).collect();
    render(&DryRunPage {
        page: Input::line(t, "page", t.text("dry-run-page"), "").choices(
            Control::Select,
            offered,
            std::slice::from_ref(&page_id),
        ),
        page_id,
        problems,
        inputs,
        failure,
        plans,
        frame: ConsoleFrame::new(state, session, "dry-run", "nav-dry-run").await?,
    })
}

fn inputs(t: &Translator, form: &Form, page: &BookingPage, members: &[teams::Member]) -> Vec<Input> {
    let mut hosts = vec![(String::new(), t.text("dry-run-any-host"))];
    hosts.extend(members.iter().map(|member| (member.email.to_string(), member.name.clone())));
    let email = Input::line(t, "email", t.text("attendee-email"), form.text("email")).required(true);
    let mut inputs = vec![
        Input { keyboard: "email", ..email },
        Input::line(t, "host", t.text("dry-run-host"), "").choices(Control::Select, hosts, &form.all("host")),
    ];
    let shown = |field: FormField| match field.kind {
        FieldKind::Hidden => FormField { kind: FieldKind::Text, ..field },
        _ => field,
    };
    inputs.extend(
        dry_run::questions(page).into_iter().map(|field| question_input::question(t, &shown(field), form)),
    );
    inputs
}

/// The plans of an answer, or why there are none.
pub(crate) fn outcome(
    t: &Translator,
    known: &FieldLabels,
    instance: Option<&str>,
    answer: Option<Option<OrgResponse>>,
) -> (String, Option<Vec<Planned>>) {
    match answer {
        None => (String::new(), None),
        Some(Some(OrgResponse::DryRun { plans })) => (
            String::new(),
            Some(plans.iter().map(|(kind, plan)| planned(t, known, instance, *kind, plan)).collect()),
        ),
        Some(other) => (org_error_text(t, other.as_ref()), None),
    }
}

fn planned(
    t: &Translator,
    known: &FieldLabels,
    instance: Option<&str>,
    kind: DeliveryKind,
    plan: &DeliveryPlan,
) -> Planned {
    Planned {
        kind: kind.name(),
        steps: plan.steps.iter().map(|step| timeline_line(t, instance, &known.in_words(t, step))).collect(),
        writes: plan.writes.iter().map(|write| (headline(t, write), values(t, known, write))).collect(),
    }
}

fn headline(t: &Translator, write: &Write) -> String {
    let object = t.object(&write.object);
    match &write.operation {
        Operation::Create | Operation::Upsert { .. } => t.fill("dry-run-create", "object", object),
        Operation::Update { id } => t.sentence("dry-run-update", [("object", object), ("id", id.clone())]),
    }
}

/// Labels and values as an operator reads them: times in the workspace's zone, what does not exist yet in words.
fn values(t: &Translator, known: &FieldLabels, write: &Write) -> Vec<(String, String)> {
    let shown = |value: &Value| match value {
        Value::Null => t.text("dry-run-emptied"),
        Value::String(text) => not_yet_there(t, text)
            .or_else(|| Timestamp::parse(text).map(|moment| t.date_time(moment)))
            .unwrap_or_else(|| text.clone()),
        other => other.to_string(),
    };
    write.fields.iter().map(|(name, value)| (known.label(&write.object, name), shown(value))).collect()
}
