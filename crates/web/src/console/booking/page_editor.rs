//! Making and changing a booking page, with its mapping to Salesforce (B1, K10–K17).

use crate::actions::booking_pages;
use crate::actions::booking_pages::PageChange;
use crate::actions::org::lead_description::lead_description;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::booking::page_form;
use crate::console::booking::page_inputs::Sections;
use crate::console::booking::page_rows;
use crate::console::booking::page_rows::Rows;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::removed::Removed;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::booking::{Attendance, BookingPage, Hours, PageSalesforce};
use domain::org::ObjectDescription;
use domain::value::{FieldProblem, MemberId, PageId, TeamId, WorkspaceId};
use storage::Read;
use storage::booking::pages;
use storage::org::descriptions;
use storage::workspace::teams;
use storage::workspace::teams::Team;

#[derive(Template)]
#[template(path = "console/booking/page_editor.html")]
struct EditorPage {
    frame: ConsoleFrame,
    action: String,
    public_url: String,
    problems: Problems,
    described: bool,
    sections: Sections,
    removed: Option<Removed>,
    /// The team whose members are offered, while it can still be chosen.
    /// The version on which what is typed is based; empty for new pages.
    version: String,
    members_of: String,
}

/// Shows the form for a new page.
pub async fn new(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_edit()?;
    let teams = teams::list(&state.database.read(), session.account.workspace).await?;
    let Some(team) = teams.first() else {
        return Ok(Redirect::to("/console/members").into_response());
    };
    let members =
        teams::list_team_members(&state.database.read(), session.account.workspace, team.id).await?;
    let page = blank(&state, &session, team, members.iter().map(|member| member.id).collect());
    let rows = page_rows::rows_of(&page, &everybody(&state, &session).await?);
    editor(&state, &session, None, &page_form::of_page(&page), &rows, &[]).await
}

/// Shows a page's form.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let page = find(&state, &session, &id).await?;
    let rows = page_rows::rows_of(&page, &everybody(&state, &session).await?);
    editor(&state, &session, Some(&page), &page_form::of_page(&page), &rows, &[]).await
}

/// Makes a page.
pub async fn create(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let all = teams::list(&state.database.read(), session.account.workspace).await?;
    let wanted = posted.form.text("team");
    let team = all.iter().find(|team| team.slug == wanted).or(all.first());
    let team = team.ok_or(session.page_error(PageError::not_found()))?;
    let page = blank(&state, session, team, Vec::new());
    store(&state, session, &posted.form, page, true).await
}

/// Saves a page.
pub async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    posted.session.may_edit()?;
    let page = find(&state, &posted.session, &id).await?;
    store(&state, &posted.session, &posted.form, page, false).await
}

async fn store(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    old: BookingPage,
    is_new: bool,
) -> Result<Response, PageError> {
    let mut rows = Rows::read(form);
    let shown = (!is_new).then(|| old.clone());
    if is_new && form.text("do") == "team" {
        rows.members = of_team(state, session, old.team).await?;
        return editor(state, session, None, form, &rows, &[]).await;
    }
    if rows.change(form.text("do"), form.text("removed")) {
        return editor(state, session, shown.as_ref(), form, &rows, &[]).await;
    }
    rows.tidy();
    let (mut page, mut problems) = page_form::read(form, &rows, old);
    let resolves = |lead: Option<&ObjectDescription>| {
        lead.is_some_and(|lead| page_form::resolve_labels(&mut page.clone(), lead).is_empty())
    };
    if let Some(lead) = lead_description(state, session.account.workspace, resolves).await? {
        problems.extend(page_form::resolve_labels(&mut page, &lead));
    }
    if is_new && form.find("members_of").is_some_and(|team| team != page.team_slug) {
        problems.push(FieldProblem::new("members", "members-of-other-team"));
        rows.members = of_team(state, session, page.team).await?;
    }
    let change = if is_new { PageChange::Created } else { PageChange::Replaced };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let saved =
        booking_pages::save(state, workspace, &page, change, problems, form.find("version"), actor).await?;
    let Err(problems) = saved else {
        let done = if is_new { "created" } else { "saved" };
        return Ok(Redirect::to(&format!("/console/pages/{}?done={done}", page.id)).into_response());
    };
    let page = editor(state, session, shown.as_ref(), form, &rows, &problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The version on which the form's values are based. Who was told that it is an older one goes on from the present one.
async fn shown_version(
    read: &Read<'_>,
    workspace: WorkspaceId,
    page: PageId,
    form: &Form,
    is_conflict: bool,
) -> Result<String, PageError> {
    match form.find("version").filter(|_| !is_conflict) {
        Some(version) => Ok(version.to_owned()),
        None => Ok(pages::version(read, workspace, page).await?),
    }
}

async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<BookingPage, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let id = id.parse().map_err(|_| not_found)?;
    let found = pages::find(&state.database.read(), session.account.workspace, id).await?;
    found.ok_or(not_found)
}

async fn everybody(state: &AppState, session: &SignedIn) -> Result<Vec<MemberId>, PageError> {
    let members = teams::list_members(&state.database.read(), session.account.workspace).await?;
    Ok(members.into_iter().map(|member| member.id).collect())
}

/// Everybody, the members of a team chosen and first.
async fn of_team(
    state: &AppState,
    session: &SignedIn,
    team: TeamId,
) -> Result<Vec<(MemberId, bool)>, PageError> {
    let members = teams::list_team_members(&state.database.read(), session.account.workspace, team).await?;
    let chosen: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let others = everybody(state, session).await?.into_iter().filter(|id| !chosen.contains(id));
    let others: Vec<MemberId> = others.collect();
    Ok(chosen.into_iter().map(|id| (id, true)).chain(others.into_iter().map(|id| (id, false))).collect())
}

fn blank(state: &AppState, session: &SignedIn, team: &Team, members: Vec<MemberId>) -> BookingPage {
    BookingPage {
        id: storage::ids::new(state.clock.now()),
        team: team.id,
        team_slug: team.slug.clone(),
        slug: String::new(),
        title: String::new(),
        title_en: String::new(),
        description: String::new(),
        description_en: String::new(),
        personal: false,
        members,
        attendance: Attendance::Any,
        slot_minutes: 30,
        hours: (1..=5).map(|weekday| Hours { weekday, from: 10 * 60, to: 18 * 60 }).collect(),
        closures: domain::booking::Closures::default(),
        time_zone: session.workspace.time_zone.clone(),
        notice_minutes: 60,
        window_days: 60,
        fields: Vec::new(),
        ask_guests: true,
        salesforce: PageSalesforce { split_name: true, ..PageSalesforce::default() },
        active: true,
    }
}

async fn editor(
    state: &AppState,
    session: &SignedIn,
    page: Option<&BookingPage>,
    form: &Form,
    rows: &Rows,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let action =
        page.map_or_else(|| "/console/pages/new".to_owned(), |page| format!("/console/pages/{}", page.id));
    let teams = teams::list(&read, workspace).await?;
    let everybody = teams::list_members(&read, workspace).await?;
    let choosable = page.is_none().then_some(teams.as_slice());
    let mut sections = Sections::new(t, form, rows, &everybody, choosable, &format!("{action}/suggest"));
    let is_conflict = problems.iter().any(|problem| problem.code == "changed-meanwhile");
    let problems = Problems::add(t, problems, sections.inputs());
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    let title = if page.is_some() { "page-edit-title" } else { "page-new-title" };
    render(&EditorPage {
        public_url: page.map(|page| format!("{base}/b/{}", page.path())).unwrap_or_default(),
        described: descriptions::find(&read, workspace, "Lead").await?.is_some(),
        action,
        problems,
        sections,
        removed: rows.removed.as_ref().map(|removed| removed.shown(t)),
        version: match page {
            Some(page) => shown_version(&read, workspace, page.id, form, is_conflict).await?,
            None => String::new(),
        },
        members_of: if page.is_none() { form.text("team").to_owned() } else { String::new() },
        frame: match page {
            Some(page) => {
                let standing = if page.active { "page-open-state" } else { "page-inactive" };
                let tone = if page.active { "good" } else { "cancelled" };
                let frame = ConsoleFrame::new(state, session, "pages", title).await?;
                frame.named(page.title_in(t.language)).standing(tone, t.text(standing))
            }
            None => ConsoleFrame::new(state, session, "pages", title).await?,
        },
    })
}
