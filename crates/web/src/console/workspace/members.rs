//! Teams and members who can be booked (B1).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::workspace::members_page::{page, refuse};
use crate::console::workspace::people_list::People;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::{Answer, respond};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::form::check_text;
use domain::value::{EmailAddress, FieldProblem, MemberId, Step, is_slug, tidy_line};
use storage::workspace;
use storage::workspace::teams::{Member, Team};
use storage::workspace::{audit, teams};

/// Shows them; `?team=`, `?member=` or `?account=` opens one for changing.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    if visitor.query.text("format") == "csv" {
        let answer = respond::<People>(&state, &session, &visitor).await?;
        if let Answer::File(file) = answer {
            return Ok(file);
        }
    }
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
    Ok(Redirect::to("/console/members?tab=teams&done=saved").into_response())
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

/// The form of what an address opens for changing.
async fn opened(state: &AppState, session: &SignedIn, query: &Form) -> Result<Form, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let kept = ["tab", "q"].map(|name| (name, query.text(name).to_owned()));
    let mut pairs: Vec<(&str, String)> = kept.into();
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
