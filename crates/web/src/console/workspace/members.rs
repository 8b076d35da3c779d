//! Teams, members who can be booked, and accounts, on one page (B1, N2).

use crate::auth::session::SignedIn;
use crate::console::workspace::accounts;
use crate::http::form::{Form, SignedForm};
use crate::http::language::RequestLanguage;
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
use domain::booking::is_slug;
use domain::form::check_text;
use domain::value::{EmailAddress, FieldProblem, MemberId, Step, tidy_line};
use storage::workspace;
use storage::workspace::accounts::Account;
use storage::workspace::teams::{Member, Team};
use storage::workspace::{audit, teams};

struct TeamRow {
    id: String,
    name: String,
    slug: String,
    members: String,
}

struct PersonRow {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    may_change: bool,
    is_me: bool,
}

/// The form of one section: for something new, or for what is being changed.
struct Section {
    id: String,
    inputs: Vec<Input>,
    open: bool,
}

#[derive(Template)]
#[template(path = "console/workspace/members.html")]
struct MembersPage {
    frame: ConsoleFrame,
    problems: Problems,
    secret: Option<(String, String)>,
    teams: Vec<TeamRow>,
    members: Vec<Member>,
    accounts: Vec<PersonRow>,
    team: Section,
    member: Section,
    account: Section,
}

/// Shows them; `?team=`, `?member=` or `?account=` opens one for changing.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let form = opened(&state, &session, &visitor.query).await?;
    page(&state, &session, &form, &[], None).await
}

/// Makes a team, or sets the members of one.
pub async fn save_team(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let workspace = session.account.workspace;
    let all = teams::list(&state.database.read(), workspace).await?;
    let known = teams::list_members(&state.database.read(), workspace).await?;
    let wanted: Vec<MemberId> = form.all("team.members").iter().filter_map(|id| id.parse().ok()).collect();
    let members: Vec<MemberId> =
        known.iter().map(|member| member.id).filter(|member| wanted.contains(member)).collect();
    let old = all.into_iter().find(|team| team.id.to_string() == form.text("team.id"));
    let now = state.clock.now();
    let write = state.database.write().await?;
    let team = match old {
        Some(team) => team,
        None => {
            let team = Team {
                id: storage::ids::new(now),
                slug: form.text("team.slug").trim().to_owned(),
                name: tidy_line(form.text("team.name")),
            };
            let mut problems: Vec<FieldProblem> =
                check_text("team.name", &team.name, 1, 100).into_iter().collect();
            if !is_slug(&team.slug) {
                problems.push(FieldProblem::new("team.slug", "bad-slug"));
            } else if problems.is_empty() && !teams::create(&write, workspace, &team).await? {
                problems.push(FieldProblem::new("team.slug", "taken").with("value", &team.slug));
            }
            if !problems.is_empty() {
                drop(write);
                return refuse(&state, session, form, &problems).await;
            }
            team
        }
    };
    teams::set_team_members(&write, workspace, team.id, &members).await?;
    let step = Step::new("team-saved").with("team", &team.name);
    audit::record(&write, workspace, session.account.email.as_str(), &step, now).await?;
    write.commit().await?;
    Ok(Redirect::to("/console/members?done=saved").into_response())
}

/// Makes a member, or saves name and address of one.
pub async fn save_member(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let workspace = session.account.workspace;
    let known = teams::list_members(&state.database.read(), workspace).await?;
    let old = known.iter().find(|member| member.id.to_string() == form.text("member.id"));
    let name = tidy_line(form.text("member.name"));
    let mut problems: Vec<FieldProblem> = check_text("member.name", &name, 1, 100).into_iter().collect();
    let email = EmailAddress::parse(form.text("member.email"));
    if email.is_err() {
        problems.push(FieldProblem::new("member.email", "not-an-email"));
    }
    let Some(email) = email.ok().filter(|_| problems.is_empty()) else {
        return refuse(&state, session, form, &problems).await;
    };
    let now = state.clock.now();
    let member = Member { id: old.map_or_else(|| storage::ids::new(now), |old| old.id), name, email };
    let write = state.database.write().await?;
    teams::save_member(&write, workspace, &member).await?;
    let step = Step::new("member-saved").with("member", &member.name);
    audit::record(&write, workspace, session.account.email.as_str(), &step, now).await?;
    write.commit().await?;
    Ok(Redirect::to("/console/members?done=member-saved").into_response())
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

/// The form of what an address opens for changing.
async fn opened(state: &AppState, session: &SignedIn, query: &Form) -> Result<Form, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let mut pairs = Vec::new();
    if let Some(id) = query.find("team")
        && let Some(team) =
            teams::list(&read, workspace).await?.into_iter().find(|team| team.id.to_string() == id)
    {
        let members = teams::list_team_members(&read, workspace, team.id).await?;
        pairs.push(("team.id", team.id.to_string()));
        pairs.push(("team.name", team.name));
        pairs.push(("team.slug", team.slug));
        pairs.extend(members.iter().map(|member| ("team.members", member.id.to_string())));
    }
    if let Some(id) = query.find("member")
        && let Some(member) = teams::list_members(&read, workspace)
            .await?
            .into_iter()
            .find(|member| member.id.to_string() == id)
    {
        pairs.push(("member.id", member.id.to_string()));
        pairs.push(("member.name", member.name));
        pairs.push(("member.email", member.email.to_string()));
    }
    if let Some(id) = query.find("account").and_then(|id| id.parse().ok())
        && let Some(account) = workspace::accounts::find(&read, workspace, id).await?
    {
        pairs.push(("account.id", account.id.to_string()));
        pairs.push(("account.name", account.name));
        pairs.push(("account.email", account.email.to_string()));
        pairs.push(("account.role", account.role.name().to_owned()));
    }
    Ok(Form::of(pairs))
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
    let mut rows = Vec::new();
    for team in teams::list(&read, workspace).await? {
        let names = teams::list_team_members(&read, workspace, team.id).await?;
        rows.push(TeamRow {
            id: team.id.to_string(),
            members: t.list(names.iter().map(|member| &member.name)),
            name: team.name,
            slug: team.slug,
        });
    }
    let faulty = |prefix: &str| problems.iter().any(|problem| problem.field.starts_with(prefix));
    let section = |name: &str, inputs: Vec<Input>| {
        let id = form.text(&format!("{name}.id")).to_owned();
        Section { open: !id.is_empty() || faulty(name), id, inputs }
    };
    let mut team = section("team", team_inputs(t, form, &members));
    let mut member = section("member", member_inputs(t, form));
    let mut account = section("account", accounts::inputs(t, form, session.account.role));
    let inputs = team.inputs.iter_mut().chain(&mut member.inputs).chain(&mut account.inputs);
    let problems = Problems::add(t, problems, inputs);
    let accounts = workspace::accounts::list(&read, workspace).await?;
    render(&MembersPage {
        problems,
        secret,
        teams: rows,
        members,
        accounts: accounts.iter().map(|account| person(session, account)).collect(),
        team,
        member,
        account,
        frame: ConsoleFrame::new(state, session, "members", "nav-members").await?,
    })
}

fn person(session: &SignedIn, account: &Account) -> PersonRow {
    PersonRow {
        id: account.id.to_string(),
        name: account.name.clone(),
        email: account.email.to_string(),
        role: account.role.name(),
        may_change: session.account.role.may_grant(account.role),
        is_me: account.id == session.account.id,
    }
}

fn team_inputs(t: &Translator, form: &Form, members: &[Member]) -> Vec<Input> {
    let choices = members.iter().map(|member| (member.id.to_string(), member.name.clone())).collect();
    let mut inputs = Vec::new();
    if form.text("team.id").is_empty() {
        inputs.push(Input::line(t, "team.name", t.text("team-name"), form.text("team.name")).required(true));
        inputs.push(
            Input::line(t, "team.slug", t.text("team-slug"), form.text("team.slug"))
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
        Input::line(t, "member.name", t.text("person-name"), form.text("member.name")).required(true),
        Input { keyboard: "email", ..email }.required(true).hint(t.text("member-email-hint")),
    ]
}
