//! The page of teams, members who can be booked, and accounts (B1, N2).

use crate::auth::session::SignedIn;
use crate::console::workspace::people_list::People;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use crate::ui::listing::{List as _, ListView, view};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::list::Request;
use domain::value::FieldProblem;
use domain::workspace::Role;
use storage::workspace::teams;
use storage::workspace::teams::Member;

/// The form of one section: for something new, or for what is being changed.
struct Section {
    id: String,
    inputs: Vec<Input>,
    open: bool,
    /// It is an account that this person may give a new password, or remove.
    may_remove: bool,
}

#[derive(Template)]
#[template(path = "console/workspace/members.html")]
struct MembersPage {
    frame: ConsoleFrame,
    problems: Problems,
    secret: Option<(String, String)>,
    list: Box<ListView>,
    team: Section,
    member: Section,
    account: Section,
}

/// The same page with what is wrong.
pub async fn refuse(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let page = page(state, session, form, problems, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The page; `secret` is a new password that is shown once, with the address that it is for.
pub async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
    secret: Option<(String, String)>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let members = teams::list_members(&read, workspace).await?;
    let faulty = |prefix: &str| problems.iter().any(|problem| problem.field.starts_with(prefix));
    let section = |name: &str, inputs: Vec<Input>| {
        let id = form.text(&format!("{name}.id")).to_owned();
        Section { open: !id.is_empty() || faulty(name), id, inputs, may_remove: false }
    };
    let mut team = section("team", team_inputs(t, form, &members));
    let mut member = section("member", member_inputs(t, form));
    let mut account = section("account", account_inputs(t, form, session.account.role));
    let inputs = team.inputs.iter_mut().chain(&mut member.inputs).chain(&mut account.inputs);
    let problems = Problems::add(t, problems, inputs);
    account.may_remove = !account.id.is_empty() && account.id != session.account.id.to_string();
    // The tab whose form is open; otherwise the one that was asked for.
    let tab = [("team", &team, "teams"), ("account", &account, "accounts"), ("member", &member, "hosts")]
        .into_iter()
        .find(|(_, section, _)| section.open)
        .map_or(form.text("tab"), |(.., tab)| tab);
    let asked = [("tab".to_owned(), tab.to_owned()), ("q".to_owned(), form.text("q").to_owned())];
    let request = Request::read(&People::SPEC, &asked);
    let loaded = People::load(state, session, &request, 0).await?;
    let list = Box::new(view::<People>(state, session, request, loaded, String::new()).await?);
    render(&MembersPage {
        problems,
        secret,
        list,
        team,
        member,
        account,
        frame: ConsoleFrame::new(state, session, "members", "nav-members").await?,
    })
}

fn team_inputs(t: &Translator, form: &Form, members: &[Member]) -> Vec<Input> {
    let choices = members.iter().map(|member| (member.id.to_string(), member.name.clone())).collect();
    let mut inputs = Vec::new();
    if form.text("team.id").is_empty() {
        inputs.push(
            Input::line(t, "team.name", t.text("team-name"), form.text("team.name")).medium().required(true),
        );
        inputs.push(
            Input::line(t, "team.slug", t.text("team-slug"), form.text("team.slug"))
                .medium()
                .required(true)
                .hint(t.text("team-slug-hint")),
        );
    }
    inputs.push(Input::line(t, "team.members", t.text("team-members"), "").choices(
        Control::Checkboxes,
        choices,
        &form.all("team.members"),
    ));
    inputs
}

fn member_inputs(t: &Translator, form: &Form) -> Vec<Input> {
    let email = Input::line(t, "member.email", t.text("account-email"), form.text("member.email"));
    vec![
        Input::line(t, "member.name", t.text("person-name"), form.text("member.name"))
            .medium()
            .required(true),
        Input { keyboard: "email", ..email }.medium().required(true).hint(t.text("member-email-hint")),
    ]
}

/// The inputs for a new account, or for one that is being changed.
fn account_inputs(t: &Translator, form: &Form, mine: Role) -> Vec<Input> {
    let roles = Role::ALL.into_iter().filter(|role| mine.may_grant(*role));
    let roles = roles.map(|role| (role.name().to_owned(), t.word("role-choice", role.name()))).collect();
    let chosen = form
        .find("account.role")
        .map_or_else(|| vec![Role::Editor.name().to_owned()], |role| vec![role.to_owned()]);
    let mut inputs = vec![
        Input::line(t, "account.name", t.text("person-name"), form.text("account.name"))
            .medium()
            .required(true),
    ];
    if form.text("account.id").is_empty() {
        let email = Input::line(t, "account.email", t.text("account-email"), form.text("account.email"));
        inputs.push(Input { keyboard: "email", ..email }.medium().required(true));
    }
    inputs.push(
        Input::line(t, "account.role", t.text("account-role"), "")
            .choices(Control::Radio, roles, &chosen)
            .required(true),
    );
    inputs
}
