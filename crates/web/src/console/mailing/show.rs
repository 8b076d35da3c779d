//! One mailing: what it says while it is a draft, and what comes of it afterwards.

use crate::actions::mailing::changes::{MailingRefusal, save as save_mailing};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::mailing::editor;
use crate::console::mailing::list::tone;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::mailing::{MailSettings, MailingAction, MailingState, missing_for_sending};
use domain::notification::TestResult;
use domain::people::PersonFields;
use domain::value::FieldProblem;
use storage::mailing::mailings::Mailing;
use storage::mailing::{mailings, recipients};
use storage::segment::segments;
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/mailing/show.html")]
struct MailingPage {
    frame: ConsoleFrame,
    id: String,
    version: i64,
    state: &'static str,
    problems: Problems,
    failure: String,
    trial: Vec<(bool, String, String)>,
    inputs: Vec<Input>,
    test: Input,
    start: Input,
    has_server: bool,
    /// What the law asks for and is missing.
    missing: Vec<String>,
    subject: String,
    counts: Vec<(&'static str, u64)>,
    total: u64,
    bounced: u64,
    complained: u64,
    facts: Vec<(String, String)>,
    pause: String,
    can_edit: bool,
    can_pause: bool,
    can_resume: bool,
    can_cancel: bool,
    is_moving: bool,
}

/// What a page shows besides what is kept.
#[derive(Default)]
pub(super) struct Trouble<'a> {
    /// What was typed.
    pub(super) form: Option<&'a Form>,
    /// Its faults.
    pub(super) problems: Vec<FieldProblem>,
    /// What could not be done.
    pub(super) failure: String,
    /// What came of a test mail.
    pub(super) trial: Vec<TestResult>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mailing = find(&state, &session, &id).await?;
    page(&state, &session, &mailing, Trouble::default()).await
}

/// Saves what a draft says.
pub async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let mailing = find(&state, session, &id).await?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let seen = (mailing.id, posted.form.number("version"));
    let saved = save_mailing(&state, workspace, seen, editor::read(&posted.form), actor).await?;
    let Err(refusal) = saved else {
        return Ok(Redirect::to(&format!("/console/mailings/{id}?done=saved")).into_response());
    };
    refused(&state, session, &mailing, Some(&posted.form), refusal).await
}

/// The page after something was refused.
pub(super) async fn refused(
    state: &AppState,
    session: &SignedIn,
    mailing: &Mailing,
    form: Option<&Form>,
    refusal: MailingRefusal,
) -> Result<Response, PageError> {
    let t = &session.words;
    let (status, problems, failure) = match refusal {
        MailingRefusal::NotFound => return Err(session.page_error(PageError::not_found())),
        MailingRefusal::Fields(problems) => (StatusCode::UNPROCESSABLE_ENTITY, problems, String::new()),
        MailingRefusal::Changed => {
            (StatusCode::CONFLICT, vec![FieldProblem::new("", "changed-meanwhile")], String::new())
        }
        MailingRefusal::State(now) => {
            let now = t.word("mailing-state", now.name());
            (StatusCode::CONFLICT, Vec::new(), t.fill("mailing-not-now", "state", now))
        }
        MailingRefusal::NoServer => (StatusCode::CONFLICT, Vec::new(), t.text("mailing-no-server")),
    };
    let trouble = Trouble { form, problems, failure, ..Trouble::default() };
    let page = page(state, session, mailing, trouble).await?;
    Ok((status, page).into_response())
}

/// The mailing of an address.
pub(super) async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Mailing, PageError> {
    let missing = || session.page_error(PageError::not_found());
    let id = id.parse().map_err(|_| missing())?;
    mailings::find(&state.database.read(), session.account.workspace, id).await?.ok_or_else(missing)
}

/// The page.
pub(super) async fn page(
    state: &AppState,
    session: &SignedIn,
    mailing: &Mailing,
    trouble: Trouble<'_>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let fields = settings::find::<PersonFields>(&read, workspace).await?;
    let settings = settings::find::<MailSettings>(&read, workspace).await?;
    let counts = recipients::count_by_state(&read, workspace, mailing.id).await?;
    let kept = editor::of_content(&mailing.content);
    let form = trouble.form.unwrap_or(&kept);
    let segments = segments::list(&read, workspace).await?;
    let mut inputs = editor::inputs(t, form, (&fields, &segments));
    let typed = |name: &str| form.text(name).to_owned();
    let mut test = Input::line(t, "address", t.text("mailing-test-address"), &typed("address")).medium();
    let mut start = Input::line(t, "at", t.text("mailing-start-at"), &typed("at")).medium();
    start = start.of(crate::ui::input::Control::Line("datetime-local")).hint(t.fill(
        "mailing-start-at-hint",
        "zone",
        t.zone_name(),
    ));
    let all = inputs.iter_mut().chain([&mut test, &mut start]);
    let problems = Problems::add(t, &trouble.problems, all);
    let allows = |action| session.account.role.may_edit() && mailing.state.allows(action);
    let word = t.word("mailing-state", mailing.state.name());
    let frame = ConsoleFrame::new(state, session, "mailings", "nav-mailings").await?;
    render(&MailingPage {
        id: mailing.id.to_string(),
        version: mailing.version,
        state: mailing.state.name(),
        problems,
        failure: trouble.failure,
        trial: trouble
            .trial
            .iter()
            .map(|one| (one.sent, one.recipient.clone(), t.step(&one.answer)))
            .collect(),
        inputs,
        test,
        start,
        has_server: state.settings.mail_from.is_some(),
        missing: missing_for_sending(&settings).iter().map(|one| t.problem(one)).collect(),
        subject: mailing.content.subject.clone(),
        total: counts.iter().map(|(_, count)| count).sum(),
        counts: counts.into_iter().map(|(state, count)| (state.name(), count)).collect(),
        bounced: mailing.health.bounced,
        complained: mailing.health.complained,
        facts: facts(session, mailing),
        pause: mailing.pause_reason.map(|reason| t.word("mailing-pause", reason.name())).unwrap_or_default(),
        can_edit: allows(MailingAction::Edit),
        can_pause: allows(MailingAction::Pause),
        can_resume: allows(MailingAction::Resume),
        can_cancel: allows(MailingAction::Cancel),
        is_moving: mailing.state == MailingState::Sending,
        frame: frame
            .under(t.text("nav-mailings"), "/console/mailings")
            .named(mailing.content.name.clone())
            .standing(tone(mailing.state), word),
    })
}

fn facts(session: &SignedIn, mailing: &Mailing) -> Vec<(String, String)> {
    let t = &session.words;
    let scheduled = (mailing.state == MailingState::Scheduled).then_some(mailing.due_at);
    let times = [
        ("mailing-scheduled-at", scheduled),
        ("mailing-started-at", mailing.started_at),
        ("mailing-finished-at", mailing.finished_at),
    ];
    let shown = times.into_iter().filter_map(|(key, at)| Some((t.text(key), t.date_time(at?))));
    shown.collect()
}
