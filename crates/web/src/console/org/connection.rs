//! Connecting Salesforce: what to type there, what to type here, how it stands (C1–C6).

use crate::actions::org::connection;
use crate::actions::org::connection::ConnectRequest;
use crate::actions::org::connection_error::ConnectError;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::preflight;
use crate::console::delivery::preflight::Line;
use crate::console::overview::{Calls, calls};
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::http::security_headers::FormTargets;
use crate::state::AppState;
use crate::text::catalogue::find_text;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::delivery::{EXTERNAL_ID_FIELD, ExternalIdState, external_id_state};
use domain::engagement::EngagementLists;
use domain::value::{FieldProblem, Timestamp, WorkspaceId};
use secrecy::SecretString;
use storage::Read;
use storage::org::connections;
use storage::org::connections::Connection;
use storage::org::descriptions;
use storage::org_request;
use storage::workspace::settings;
use tokio::time::{Duration, Instant, sleep};

/// Something to copy into Salesforce (C2).
struct Copy {
    id: String,
    label: String,
    value: String,
}

/// Why connecting failed, and what to do (C3).
#[derive(Default)]
struct Failure {
    text: String,
    remedy: String,
}

#[derive(Template)]
#[template(path = "console/org/connection.html")]
struct ConnectionPage {
    frame: ConsoleFrame,
    failure: Failure,
    problems: Problems,
    connection: Option<Connection>,
    connected_at: String,
    scopes: String,
    calls: Calls,
    copies: Vec<Copy>,
    has_egress_ips: bool,
    environment: Input,
    inputs: Vec<Input>,
    demo: bool,
    checked_at: String,
    checks: Vec<Line>,
    /// The objects that may have the external ID field, and how it stands there.
    external_ids: Vec<(String, String)>,
    external_id_copy: Copy,
}

/// Shows how it stands.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let t = &session.words;
    let failure = match (visitor.query.find("error"), visitor.query.find("failure")) {
        (Some(code), _) => failure(t, code),
        (None, Some("not-connected")) => {
            Failure { text: t.text("failure-not-connected"), remedy: String::new() }
        }
        (None, Some("no-answer")) => Failure { text: t.text("failure-no-answer"), remedy: String::new() },
        (None, Some(_)) => Failure { text: t.text("failure-unavailable"), remedy: String::new() },
        (None, None) => Failure::default(),
    };
    let form = prefilled(&state, wants_engagement(&state, &session).await?);
    page(&state, &session, &form, failure, &[]).await
}

/// Whether the connection has the scope for Account Engagement, or lists were set up that need it.
async fn wants_engagement(state: &AppState, session: &SignedIn) -> Result<bool, PageError> {
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let has = |one: &Connection| one.scopes.iter().any(|scope| scope == connection::ENGAGEMENT_SCOPE);
    Ok(connections::find(&read, workspace).await?.as_ref().is_some_and(has)
        || !settings::find::<EngagementLists>(&read, workspace).await?.business_unit_id.is_empty())
}

/// Sends the admin to Salesforce's login page (C1).
pub async fn connect(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let form = &posted.form;
    let request = ConnectRequest {
        environment: environment(form),
        consumer_key: form.text("consumer_key").to_owned(),
        consumer_secret: SecretString::from(form.text("consumer_secret")),
        engagement: form.is_on("engagement"),
        ..ConnectRequest::default()
    };
    let account = &session.account;
    match connection::begin(&state, account.workspace, account.id, &request).await {
        Ok(login) => Ok((targets(&state), Redirect::to(login.as_str())).into_response()),
        Err(ConnectError::Storage(error)) => Err(PageError::from(error)),
        Err(ConnectError::Invalid(problems)) => {
            let problems: Vec<FieldProblem> =
                problems.into_iter().map(|problem| beside(form, problem)).collect();
            let page = page(&state, session, form, Failure::default(), &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => {
            let page = page(&state, session, form, failure(&session.words, error.code()), &[]).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Comes back from Salesforce (C1, C3).
pub async fn callback(
    State(state): State<AppState>,
    session: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Redirect, PageError> {
    session.may_configure()?;
    let account = &session.account;
    let finished =
        connection::finish(&state, account.workspace, account.id, query.as_deref().unwrap_or_default()).await;
    match finished {
        Ok(connection) => {
            wait_for_preflight(&state, &session, connection.connected_at).await?;
            Ok(Redirect::to("/console/connection?done=connected"))
        }
        Err(ConnectError::Storage(error)) => Err(PageError::from(error)),
        Err(error) => {
            tracing::info!(%error, "connecting to Salesforce failed");
            Ok(Redirect::to(&format!("/console/connection?error={}", error.code())))
        }
    }
}

#[derive(Template)]
#[template(path = "console/org/disconnect.html")]
struct DisconnectPage {
    frame: ConsoleFrame,
    org: String,
}

/// Asks whether to disconnect (C5).
pub async fn ask_disconnect(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_configure()?;
    let connection = connections::find(&state.database.read(), session.account.workspace).await?;
    let Some(connection) = connection else { return Ok(Redirect::to("/console/connection").into_response()) };
    render(&DisconnectPage {
        frame: ConsoleFrame::new(&state, &session, "connection", "disconnect-title").await?,
        org: connection.org_name,
    })
}

/// Disconnects (C5).
pub async fn disconnect(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    connection::disconnect(&state, session.account.workspace, session.account.email.as_str()).await?;
    Ok(Redirect::to("/console/connection?done=disconnected"))
}

/// The preflight runs after every connect (C8); most orgs have answered when the page is shown.
async fn wait_for_preflight(state: &AppState, session: &SignedIn, since: Timestamp) -> Result<(), PageError> {
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        let last = org_request::last_preflight(&state.database.read(), session.account.workspace).await?;
        if last.is_some_and(|(at, _)| at >= since) {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

fn environment(form: &Form) -> String {
    match form.text("environment") {
        // A blank My Domain must not fall back to production.
        "my_domain" if form.text("my_domain").trim().is_empty() => "https://".to_owned(),
        "my_domain" => form.text("my_domain").to_owned(),
        other => other.to_owned(),
    }
}

/// The fault of an environment stands beside the box into which its address is typed.
fn beside(form: &Form, problem: FieldProblem) -> FieldProblem {
    if problem.field == "environment" && form.text("environment") == "my_domain" {
        return FieldProblem { field: "my_domain".to_owned(), ..problem };
    }
    problem
}

fn failure(t: &Translator, code: &str) -> Failure {
    let known = code.len() < 60 && find_text(t.language, &format!("connect-{code}")).is_some();
    let code = if known { code } else { "refused" };
    Failure { text: t.word("connect", code), remedy: t.text(&format!("connect-{code}-remedy")) }
}

/// In the demo the form is filled in for its own org.
fn prefilled(state: &AppState, engagement: bool) -> Form {
    let mut filled = url::form_urlencoded::Serializer::new(String::new());
    if engagement {
        filled.append_pair("engagement", "on");
    }
    let Some(demo) = &state.settings.demo_org else {
        filled.append_pair("environment", "production");
        return Form::parse(filled.finish().as_bytes());
    };
    filled.append_pair("environment", "my_domain");
    filled.append_pair("my_domain", demo.url.as_str().trim_end_matches('/'));
    filled.append_pair("consumer_key", &demo.consumer_key);
    filled.append_pair("consumer_secret", &demo.consumer_secret);
    Form::parse(filled.finish().as_bytes())
}

/// The connect form's answer leads to a login host, which its page has to allow.
fn targets(state: &AppState) -> axum::Extension<FormTargets> {
    let mut hosts = vec!["https://*.salesforce.com".to_owned(), "https://*.salesforce.mil".to_owned()];
    hosts.extend(state.settings.demo_org.iter().map(|demo| demo.url.origin().ascii_serialization()));
    axum::Extension(FormTargets(hosts))
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    failure: Failure,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let connection = connections::find(&read, workspace).await?;
    let last = org_request::last_preflight(&read, workspace).await?;
    let last = last.filter(|(at, _)| connection.as_ref().is_some_and(|one| *at >= one.connected_at));
    let mut environment = environment_input(t, form);
    let mut inputs = inputs(t, state, form);
    let problems = Problems::add(t, problems, std::iter::once(&mut environment).chain(&mut inputs));
    let page = render(&ConnectionPage {
        failure,
        problems,
        connected_at: connection.as_ref().map(|one| t.date_time(one.connected_at)).unwrap_or_default(),
        scopes: connection.as_ref().map(|one| one.scopes.join(" ")).unwrap_or_default(),
        calls: calls(state, session, connection.as_ref()).await?,
        copies: copies(t, state),
        has_egress_ips: !state.settings.egress_ips.is_empty(),
        environment,
        inputs,
        demo: state.settings.demo_org.is_some(),
        checked_at: last.as_ref().map(|(at, _)| t.date_time(*at)).unwrap_or_default(),
        external_ids: external_ids(t, &read, workspace).await?,
        external_id_copy: Copy {
            id: "copy-external-id".to_owned(),
            label: t.text("external-id-copy"),
            value: EXTERNAL_ID_FIELD.trim_end_matches("__c").to_owned(),
        },
        checks: last.map(|(_, checks)| preflight::lines(t, &checks)).unwrap_or_default(),
        frame: ConsoleFrame::new(state, session, "connection", "nav-connection").await?.standing(
            if connection.is_some() { "good" } else { "warn" },
            t.text(if connection.is_some() { "connected" } else { "not-connected" }),
        ),
        connection,
    })?;
    Ok((targets(state), page).into_response())
}

/// How the external ID field stands, as far as the org was described.
async fn external_ids(
    t: &Translator,
    read: &Read<'_>,
    workspace: WorkspaceId,
) -> Result<Vec<(String, String)>, PageError> {
    let mut states = Vec::new();
    for object in ["Lead", "Event", "Task"] {
        let described = descriptions::find(read, workspace, object).await?;
        let state = described.map_or(ExternalIdState::Absent, |found| external_id_state(&found.description));
        states.push((t.word("object", object), t.word("external-id", state.name())));
    }
    Ok(states)
}

fn copies(t: &Translator, state: &AppState) -> Vec<Copy> {
    let mut values = vec![
        ("app-name", t.text("product-name")),
        ("callback", connection::callback_url(state)),
        ("scopes", "api refresh_token".to_owned()),
    ];
    values.extend(state.settings.egress_ips.iter().map(|address| ("egress-ip", address.clone())));
    let copy = |(index, (name, value)): (usize, (&str, String))| Copy {
        id: format!("copy-{index}"),
        label: t.word("copy", name),
        value,
    };
    values.into_iter().enumerate().map(copy).collect()
}

fn environment_input(t: &Translator, form: &Form) -> Input {
    let choices = ["production", "sandbox", "my_domain"];
    let choices = choices.map(|name| (name.to_owned(), t.word("environment", name))).to_vec();
    Input::line(t, "environment", t.text("connect-environment"), "")
        .choices(Control::Radio, choices, &form.all("environment"))
        .required(true)
}

fn inputs(t: &Translator, state: &AppState, form: &Form) -> Vec<Input> {
    // A secret goes back to the browser only where everybody knows it: in the demo.
    let secret = state.settings.demo_org.as_ref().map_or("", |demo| demo.consumer_secret.as_str());
    let my_domain = Input::line(t, "my_domain", t.text("connect-my-domain"), form.text("my_domain"));
    vec![
        Input { keyboard: "url", ..my_domain }.hint(t.text("connect-my-domain-hint")),
        Input::line(t, "consumer_key", t.text("connect-consumer-key"), form.text("consumer_key"))
            .required(true)
            .autocomplete("off"),
        Input::line(t, "consumer_secret", t.text("connect-consumer-secret"), secret)
            .of(Control::Line("password"))
            .required(true)
            .autocomplete("off")
            .hint(t.text("connect-consumer-secret-hint")),
        Input::line(t, "engagement", t.text("connect-engagement"), "")
            .switch(form.is_on("engagement"))
            .hint(t.text("connect-engagement-hint")),
    ]
}
