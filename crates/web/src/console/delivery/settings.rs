//! The basic settings (基本設定): ToDo, campaign, search order, rescue (K1–K4, K9).

use crate::actions::salesforce_settings;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
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
use domain::booking::template::PLACEHOLDERS;
use domain::delivery::{
    CAMPAIGN_LAG_MINUTES, CampaignSettings, RescueSettings, SalesforceSettings, SearchOrder, TodoSettings,
    check_settings,
};
use domain::value::FieldProblem;
use storage::org::connections;
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/delivery/settings.html")]
struct SettingsPage {
    frame: ConsoleFrame,
    connected: bool,
    problems: Problems,
    todo: Vec<Input>,
    campaign: Vec<Input>,
    search: Input,
    rescue: Vec<Input>,
    placeholders: Vec<(&'static str, String)>,
    /// The version on which what is typed is based.
    version: String,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let kept =
        settings::find::<SalesforceSettings>(&state.database.read(), session.account.workspace).await?;
    page(&state, &session, &of_settings(&kept), &[]).await
}

/// Saves them.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let (given, mut problems) = read(&posted.form);
    let checked = match check_settings(given) {
        Ok(checked) if problems.is_empty() => checked,
        Ok(_) => return refuse(&state, session, &posted.form, &problems).await,
        Err(more) => {
            problems.extend(more);
            return refuse(&state, session, &posted.form, &problems).await;
        }
    };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let author = Author::of_form(actor, &posted.form);
    if let Some(conflict) = salesforce_settings::save(&state, workspace, &checked, author).await? {
        return refuse(&state, session, &posted.form, &[conflict]).await;
    }
    Ok(Redirect::to("/console/settings?done=saved").into_response())
}

async fn refuse(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let page = page(state, session, form, problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn of_settings(kept: &SalesforceSettings) -> Form {
    let on = |on: bool| if on { "on".to_owned() } else { String::new() };
    Form::of([
        ("todo.enabled", on(kept.todo.enabled)),
        ("todo.lag_minutes", kept.todo.lag_minutes.to_string()),
        ("todo.subject", kept.todo.subject.clone()),
        ("todo.comment", kept.todo.comment.clone()),
        ("campaign.enabled", on(kept.campaign.enabled)),
        ("campaign.campaign_id", kept.campaign.campaign_id.clone()),
        ("search_order", order_name(kept.search_order).to_owned()),
        ("rescue.enabled", on(kept.rescue.enabled)),
        ("rescue.every_minutes", kept.rescue.every_minutes.to_string()),
        ("rescue.for_hours", kept.rescue.for_hours.to_string()),
    ])
}

const fn order_name(order: SearchOrder) -> &'static str {
    match order {
        SearchOrder::LeadFirst => "lead_first",
        SearchOrder::ContactFirst => "contact_first",
    }
}

fn read(form: &Form) -> (SalesforceSettings, Vec<FieldProblem>) {
    let mut problems = Vec::new();
    // What is no number is a fault of its own; the check after this gets a number that passes.
    let mut number = |name: &str, passes: i64| {
        form.number(name).unwrap_or_else(|| {
            let code = if form.text(name).trim().is_empty() { "required" } else { "not-a-number" };
            problems.push(FieldProblem::new(name, code));
            passes
        })
    };
    let lag_minutes = number("todo.lag_minutes", 0);
    let rescue = RescueSettings {
        enabled: form.is_on("rescue.enabled"),
        every_minutes: number("rescue.every_minutes", 10),
        for_hours: number("rescue.for_hours", 24),
    };
    let search_order = match form.text("search_order") {
        "contact_first" => SearchOrder::ContactFirst,
        "lead_first" => SearchOrder::LeadFirst,
        _ => {
            problems.push(FieldProblem::new("search_order", "required"));
            SearchOrder::LeadFirst
        }
    };
    let todo = TodoSettings {
        enabled: form.is_on("todo.enabled"),
        lag_minutes,
        subject: form.text("todo.subject").trim().to_owned(),
        comment: form.text("todo.comment").replace("\r\n", "\n"),
    };
    let campaign = CampaignSettings {
        enabled: form.is_on("campaign.enabled"),
        campaign_id: form.text("campaign.campaign_id").to_owned(),
    };
    (SalesforceSettings { todo, campaign, search_order, rescue }, problems)
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let connection = connections::find(&read, workspace).await?;
    let version = version_to_carry::<SalesforceSettings>(&read, workspace, form, problems).await?;
    let (mut todo, mut campaign, mut rescue) = (todo(t, form), campaign(t, form), rescue(t, form));
    let mut search = search(t, form);
    let inputs = todo.iter_mut().chain(&mut campaign).chain(&mut rescue).chain(std::iter::once(&mut search));
    let problems = Problems::add(t, problems, inputs);
    let placeholder = |name: &&'static str| (*name, t.word("placeholder", name));
    render(&SettingsPage {
        connected: connection.is_some(),
        problems,
        todo,
        campaign,
        search,
        rescue,
        version,
        placeholders: PLACEHOLDERS.iter().map(placeholder).collect(),
        frame: ConsoleFrame::new(state, session, "settings", "nav-settings").await?,
    })
}

fn todo(t: &Translator, form: &Form) -> Vec<Input> {
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), form.text(name));
    vec![
        line("todo.enabled", "todo-enabled")
            .switch(form.is_on("todo.enabled"))
            .hint(t.text("todo-enabled-hint")),
        line("todo.lag_minutes", "todo-lag").number().required(true).hint(t.text("todo-lag-hint")),
        line("todo.subject", "todo-subject").required(true),
        line("todo.comment", "todo-comment").of(Control::Area),
    ]
}

fn campaign(t: &Translator, form: &Form) -> Vec<Input> {
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), form.text(name));
    vec![
        line("campaign.enabled", "campaign-enabled").switch(form.is_on("campaign.enabled")).hint(t.fill(
            "campaign-enabled-hint",
            "minutes",
            CAMPAIGN_LAG_MINUTES,
        )),
        line("campaign.campaign_id", "campaign-id").medium().hint(t.text("campaign-id-hint")),
    ]
}

fn search(t: &Translator, form: &Form) -> Input {
    let orders = ["lead_first", "contact_first"].map(|name| (name.to_owned(), t.word("search-order", name)));
    Input::line(t, "search_order", t.text("search-order"), "")
        .choices(Control::Radio, orders.to_vec(), &form.all("search_order"))
        .hint(t.text("search-order-hint"))
}

fn rescue(t: &Translator, form: &Form) -> Vec<Input> {
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), form.text(name));
    vec![
        line("rescue.enabled", "rescue-enabled")
            .switch(form.is_on("rescue.enabled"))
            .hint(t.text("rescue-enabled-hint")),
        line("rescue.every_minutes", "rescue-every").number().required(true),
        line("rescue.for_hours", "rescue-for").number().required(true),
    ]
}
