//! 担当の順番: whose turn it is in a team, with the arithmetic, the weights, the credits and the ledger (G5).

use crate::actions::turns::{self, DAYS, Turn};
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
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::{CREDIT, LedgerEntry};
use domain::value::{FieldProblem, MemberId};
use storage::router::ledger;
use storage::workspace::teams;
use storage::workspace::teams::Team;

/// Entries of the ledger that are shown.
const ENTRIES: u32 = 50;

struct Row {
    name: String,
    weight: u32,
    is_next: bool,
    by_turn: i64,
    routed: i64,
    simulated: u32,
    balance: String,
    arithmetic: String,
}

struct Entry {
    at: String,
    host: String,
    amount: String,
    reason: String,
    note: String,
    /// The booking's page in the console; empty for none.
    booking: String,
}

#[derive(Template)]
#[template(path = "console/workspace/turns.html")]
struct TurnsPage {
    frame: ConsoleFrame,
    team: Team,
    days: i64,
    problems: Problems,
    rows: Vec<Row>,
    weights: Vec<Input>,
    credit: Vec<Input>,
    entries: Vec<Entry>,
}

/// Shows the turns of a team.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let team = find(&state, &session, &id).await?;
    page(&state, &session, team, &Form::default(), &[]).await
}

/// Saves the weights.
pub async fn save_weights(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let team = find(&state, session, &id).await?;
    let members =
        teams::list_team_members(&state.database.read(), session.account.workspace, team.id).await?;
    let (mut weights, mut problems) = (Vec::new(), Vec::new());
    for member in &members {
        let name = format!("weight.{}", member.id);
        match form.text(&name).trim().parse::<u32>() {
            Ok(weight) if weight <= 1_000 => weights.push((member.id, weight)),
            Ok(_) | Err(_) => {
                problems.push(FieldProblem::new(name, "out-of-range").with("min", 0).with("max", 1_000));
            }
        }
    }
    if problems.is_empty() {
        let actor = session.account.email.as_str();
        match turns::set_weights(&state, session.account.workspace, &team, &weights, actor).await? {
            Ok(()) => return Ok(done(&team)),
            Err(more) => problems.extend(more),
        }
    }
    let page = page(&state, session, team, form, &problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Gives a host meetings, or takes some.
pub async fn credit(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let team = find(&state, session, &id).await?;
    let member = form.text("member").parse::<MemberId>();
    // What is no number is out of range like any other.
    let meetings = form.number::<i64>("meetings").unwrap_or_default();
    let problems = match member {
        Err(_) => vec![FieldProblem::new("member", "required")],
        Ok(member) => {
            let asked = (member, meetings, form.text("note").trim());
            let actor = session.account.email.as_str();
            match turns::credit(&state, session.account.workspace, &team, asked, actor).await? {
                Ok(()) => return Ok(done(&team)),
                Err(problems) => problems,
            }
        }
    };
    let page = page(&state, session, team, form, &problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn done(team: &Team) -> Response {
    Redirect::to(&format!("/console/teams/{}?done=saved", team.id)).into_response()
}

async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Team, PageError> {
    let all = teams::list(&state.database.read(), session.account.workspace).await?;
    all.into_iter().find(|team| team.id.to_string() == id).ok_or(PageError::not_found())
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    team: Team,
    typed: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let turns = turns::of_team(state, workspace, &team).await?;
    let entries = ledger::list(&state.database.read(), workspace, team.id, None, ENTRIES).await?;
    let weight = |turn: &Turn| {
        let name = format!("weight.{}", turn.member.id);
        let value = typed.find(&name).map_or_else(|| turn.weight.to_string(), str::to_owned);
        let input = Input::line(t, &name, turn.member.name.clone(), &value).short();
        Input { keyboard: "numeric", ..input }
    };
    let mut weights: Vec<Input> = turns.iter().map(weight).collect();
    let mut hosts = vec![(String::new(), t.text("choose-one"))];
    hosts.extend(turns.iter().map(|turn| (turn.member.id.to_string(), turn.member.name.clone())));
    let mut credit = vec![
        Input::line(t, "member", t.text("turns-credit-member"), "").choices(
            Control::Select,
            hosts,
            &typed.all("member"),
        ),
        Input::line(t, "meetings", t.text("turns-credit-meetings"), typed.text("meetings"))
            .short()
            .hint(t.text("turns-credit-meetings-hint")),
        Input::line(t, "note", t.text("turns-credit-note"), typed.text("note")).required(true),
    ];
    let mut inputs: Vec<Input> = weights.drain(..).chain(credit.drain(..)).collect();
    let problems = Problems::add(t, problems, &mut inputs);
    let credit = inputs.split_off(turns.len());
    render(&TurnsPage {
        days: DAYS,
        problems,
        rows: turns.iter().map(|turn| row(t, turn)).collect(),
        weights: inputs,
        credit,
        entries: entries.iter().map(|entry| line(t, &turns, entry)).collect(),
        frame: ConsoleFrame::new(state, session, "members", "turns-title").await?,
        team,
    })
}

fn row(t: &Translator, turn: &Turn) -> Row {
    let arithmetic = match &turn.standing {
        None => t.text("turns-none"),
        Some(standing) => {
            let said = [("balance", meetings(standing.balance)), ("share", meetings(standing.share))];
            let due = match standing.deadline {
                Some(deadline) if deadline < 1 => t.text("turns-overdue"),
                Some(deadline) => t.fill("turns-deadline", "count", deadline),
                None => t.text("turns-not-due"),
            };
            format!("{} {due}", t.sentence("turns-arithmetic", said))
        }
    };
    Row {
        name: turn.member.name.clone(),
        weight: turn.weight,
        is_next: turn.is_next,
        by_turn: turn.by_turn,
        routed: turn.routed,
        simulated: turn.simulated,
        balance: turn.standing.as_ref().map(|one| meetings(one.balance)).unwrap_or_default(),
        arithmetic,
    }
}

fn line(t: &Translator, turns: &[Turn], entry: &LedgerEntry) -> Entry {
    let host = turns.iter().find(|turn| turn.member.id == entry.member);
    Entry {
        at: t.date_time(entry.at),
        host: host.map_or_else(|| t.text("turns-former-host"), |turn| turn.member.name.clone()),
        amount: meetings(entry.amount),
        reason: t.word("ledger-reason", entry.reason.name()),
        note: entry.note.clone(),
        booking: entry.booking.map(|booking| format!("/console/bookings/{booking}")).unwrap_or_default(),
    }
}

/// A balance in meetings, with its sign and two digits.
fn meetings(amount: i64) -> String {
    let hundredths = (i128::from(amount.abs()) * 100 + i128::from(CREDIT) / 2) / i128::from(CREDIT);
    let sign = match amount.signum() {
        _ if hundredths == 0 => "±",
        -1 => "−",
        _ => "+",
    };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}
