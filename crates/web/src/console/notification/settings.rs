//! Who is told what outside the console (通知設定): channels, addresses, events, tests, and what was sent (N1).

use crate::actions::notification;
use crate::actions::notification::take_test;
use crate::actions::org_request::request_and_wait;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::preflight::TIMEOUT;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::notification::{
    Channel, EmailInput, EventsInput, NotificationDelivery, NotificationEvent, NotificationInput,
    NotificationSettings, NotificationState, SlackInput, TestResult,
};
use domain::value::{FieldProblem, Language};
use storage::notification::{outbox, settings};
use storage::org_request::{OrgRequest, OrgResponse};

const MAX: u32 = 50;

struct Message {
    when: String,
    channel: String,
    recipient: String,
    text: String,
    state_word: String,
    state: &'static str,
    sign: &'static str,
    more: Vec<String>,
}

struct TestLine {
    recipient: String,
    verdict: &'static str,
    sign: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "console/notification/settings.html")]
struct NotificationsPage {
    frame: ConsoleFrame,
    problems: Problems,
    /// The version on which what is typed is based.
    version: String,
    slack: Vec<Input>,
    email: Vec<Input>,
    in_app: Vec<Input>,
    language: Input,
    sender: String,
    has_webhook: bool,
    failure: String,
    trial: Option<Vec<TestLine>>,
    messages: Vec<Message>,
}

/// What a page shows besides what is kept.
#[derive(Default)]
struct PageResult {
    problems: Vec<FieldProblem>,
    failure: String,
    trial: Option<Vec<TestResult>>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let kept = settings::find(&state.database.read(), session.account.workspace).await?;
    page(&state, &session, &of_settings(&kept), PageResult::default()).await
}

/// Saves them.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let given = read(&posted.form);
    let author = Author::of_form(session.account.email.as_str(), &posted.form);
    match notification::save(&state, session.account.workspace, &given, author).await? {
        Ok(_) => Ok(Redirect::to("/console/notifications?done=saved").into_response()),
        Err(problems) => {
            let outcome = PageResult { problems, ..PageResult::default() };
            let page = page(&state, session, &posted.form, outcome).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Sends a test message by the channel of the button that was pressed.
pub async fn test(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let t = &session.words;
    let channel = Channel::parse(posted.form.text("channel")).ok_or(PageError::not_found())?;
    let workspace = session.account.workspace;
    let mut outcome = PageResult::default();
    let actor = session.account.email.as_str();
    if let Some(allowed) = take_test(&state, workspace, actor, channel).await? {
        outcome.failure = t.fill("notification-test-too-soon", "at", t.date_time(allowed));
        let kept = settings::find(&state.database.read(), workspace).await?;
        return page(&state, session, &of_settings(&kept), outcome).await;
    }
    match request_and_wait(&state, workspace, &OrgRequest::TestNotification { channel }, TIMEOUT).await? {
        Some(OrgResponse::NotificationTested { results }) => outcome.trial = Some(results),
        Some(OrgResponse::Failed { reason }) => outcome.failure = t.render("failure", &reason),
        Some(_) => outcome.failure = t.text("failure-storage"),
        None => outcome.failure = t.text("failure-no-answer"),
    }
    let kept = settings::find(&state.database.read(), workspace).await?;
    page(&state, session, &of_settings(&kept), outcome).await
}

fn of_settings(kept: &NotificationSettings) -> Form {
    let named = |name: &str, events: &std::collections::BTreeSet<NotificationEvent>| {
        events.iter().map(|event| (name.to_owned(), event.name().to_owned())).collect::<Vec<_>>()
    };
    let addresses: Vec<&str> = kept.email.addresses.iter().map(domain::value::EmailAddress::as_str).collect();
    let mut pairs = vec![
        ("slack.webhook_url".to_owned(), kept.slack.webhook_url.clone().unwrap_or_default()),
        ("email.addresses".to_owned(), addresses.join("\n")),
        ("language".to_owned(), kept.language.map_or("", Language::tag).to_owned()),
    ];
    pairs.extend(named("slack.events", &kept.slack.events));
    pairs.extend(named("email.events", &kept.email.events));
    pairs.extend(named("in_app.events", &kept.in_app.events));
    Form::of(pairs)
}

/// One address a line; a box that isn't ticked is an event that isn't sent.
fn read(form: &Form) -> NotificationInput {
    let addresses = form.text("email.addresses").lines().map(str::trim).filter(|line| !line.is_empty());
    NotificationInput {
        slack: SlackInput {
            webhook_url: form.find("slack.webhook_url").map(str::to_owned),
            events: Some(form.all("slack.events")),
        },
        email: EmailInput {
            addresses: addresses.map(str::to_owned).collect(),
            events: Some(form.all("email.events")),
        },
        in_app: EventsInput { events: Some(form.all("in_app.events")) },
        language: Some(form.text("language").to_owned()),
    }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    outcome: PageResult,
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let read = state.database.read();
    let kept = settings::find(&read, workspace).await?;
    // Whom messages went to is for those who decide about it.
    let listed = if session.account.role.may_configure() { MAX } else { 0 };
    let messages = outbox::list(&read, workspace, listed).await?;
    let (mut slack, mut email) = (slack(t, form), email(t, form));
    let mut in_app = vec![events(t, form, "in_app.events")];
    let mut language = language(t, form);
    let inputs = slack.iter_mut().chain(&mut email).chain(&mut in_app).chain(std::iter::once(&mut language));
    let version = version_to_carry::<NotificationSettings>(&read, workspace, form, &outcome.problems).await?;
    let problems = Problems::add(t, &outcome.problems, inputs);
    render(&NotificationsPage {
        problems,
        version,
        slack,
        email,
        in_app,
        language,
        sender: state.settings.mail_from.clone().unwrap_or_default(),
        has_webhook: kept.slack.webhook_url.is_some(),
        failure: outcome.failure,
        trial: outcome.trial.map(|results| results.iter().map(|one| test_line(t, one)).collect()),
        messages: messages.iter().map(|one| message(t, one)).collect(),
        frame: ConsoleFrame::new(state, session, "notifications", "nav-notifications").await?,
    })
}

fn slack(t: &Translator, form: &Form) -> Vec<Input> {
    let name = "slack.webhook_url";
    let url = Input::line(t, name, t.text("notification-webhook"), form.text(name));
    vec![url.autocomplete("off").hint(t.text("notification-webhook-hint")), events(t, form, "slack.events")]
}

fn email(t: &Translator, form: &Form) -> Vec<Input> {
    let name = "email.addresses";
    let addresses = Input::line(t, name, t.text("notification-addresses"), form.text(name));
    vec![
        addresses.of(Control::Area).hint(t.text("notification-addresses-hint")),
        events(t, form, "email.events"),
    ]
}

fn events(t: &Translator, form: &Form, name: &str) -> Input {
    let all = NotificationEvent::ALL
        .map(|event| (event.name().to_owned(), t.word("notification-event", event.name())));
    Input::line(t, name, t.text("notification-events"), "").choices(
        Control::Checkboxes,
        all.to_vec(),
        &form.all(name),
    )
}

fn language(t: &Translator, form: &Form) -> Input {
    let mut offered = vec![(String::new(), t.text("notification-language-workspace"))];
    offered
        .extend(Language::ALL.map(|one| (one.tag().to_owned(), t.word("notification-language", one.tag()))));
    Input::line(t, "language", t.text("notification-language"), "")
        .choices(Control::Select, offered, &[form.text("language").to_owned()])
        .medium()
        .hint(t.text("notification-language-hint"))
}

fn test_line(t: &Translator, result: &TestResult) -> TestLine {
    let (verdict, sign) = if result.sent { ("passed", "✓") } else { ("failed", "✕") };
    TestLine { recipient: result.recipient.clone(), verdict, sign, text: t.step(&result.answer) }
}

fn message(t: &Translator, delivery: &NotificationDelivery) -> Message {
    let (state, sign) = match delivery.state {
        NotificationState::Sent => ("done", "✓"),
        NotificationState::GivenUp => ("failed", "✕"),
        NotificationState::Retrying => ("warn", "!"),
        NotificationState::Skipped => ("skipped", "–"),
        NotificationState::Waiting | NotificationState::Sending => ("due", "…"),
    };
    let mut more = Vec::new();
    if delivery.count > 1 {
        more.push(t.fill("notification-count", "count", delivery.count));
    }
    more.extend(delivery.answer.as_ref().map(|answer| t.step(answer)));
    if matches!(delivery.state, NotificationState::Retrying | NotificationState::Waiting) {
        more.push(t.fill("notification-next", "when", t.date_time(delivery.due_at)));
    }
    Message {
        when: t.date_time(delivery.happened_at),
        channel: t.word("notification-channel", delivery.channel.name()),
        recipient: delivery.recipient.clone(),
        text: t.render("notice", &delivery.notice.message),
        state_word: t.word("notification-state", delivery.state.name()),
        state,
        sign,
        more,
    }
}
