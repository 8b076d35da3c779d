//! What a router's decision means for a booking page: whose times are shown, and what the booking remembers of it.

use crate::actions::booking::hosts::on_duty;
use crate::actions::booking::request::Routed;
use crate::actions::tag::slots;
use crate::state::AppState;
use crate::text::catalogue;
use domain::booking::{Attendance, BookingPage, BookingState};
use domain::router::{RoutingDecision, choose};
use domain::value::{BookingId, Language, MemberId, RoutingDecisionId, Step, WorkspaceId};
use storage::booking::bookings;
use storage::delivery::timeline;
use storage::router::{decisions, routers};
use storage::workspace::{teams, workspaces};
use storage::{Session, StorageError, Write};

/// The page as a visitor sees it: with the members who can meet them. What is booked is chosen among all its members.
pub(crate) async fn for_visitor(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    routed: Option<&Routed>,
) -> Result<BookingPage, StorageError> {
    let mut shown = page.clone();
    if let Some(routed) = routed.filter(|routed| !routed.hosts.is_empty()) {
        shown.members.clone_from(&routed.hosts);
        shown.attendance = Attendance::All;
        return Ok(shown);
    }
    if page.attendance == Attendance::All {
        return Ok(shown);
    }
    let free = page.members.iter().copied().collect();
    let on_duty = on_duty(&state.database.read(), workspace, page, &free).await?;
    shown.members = on_duty.iter().filter(|one| one.weight > 0).map(|one| one.member).collect();
    let next = choose(&on_duty).filter(|_| page.attendance == Attendance::Turn);
    if let Some(next) = next {
        let of_next = BookingPage { members: vec![next.member], ..shown.clone() };
        let (days, _) = slots::find(state, workspace, &of_next, None, Language::Japanese).await?;
        // Nobody waits for a host who has no time at all.
        if days.as_array().is_some_and(|days| !days.is_empty()) {
            shown = of_next;
        }
    }
    Ok(shown)
}

/// What a decision means for a page; `None` if it is of another page. Members who are gone meanwhile are left to the
/// page's own choice.
pub(crate) async fn of_decision(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    decision: RoutingDecisionId,
) -> Result<Option<Routed>, StorageError> {
    let read = state.database.read();
    let Some(decision) = decisions::find(&read, workspace, decision).await? else { return Ok(None) };
    if decision.result.page() != Some(page.path().as_str()) {
        return Ok(None);
    }
    let members = teams::find_members(&read, workspace, &page.members).await?;
    Ok(Some(Routed { decision: decision.id, hosts: hosts_of(&decision, &members) }))
}

fn hosts_of(decision: &RoutingDecision, members: &[teams::Member]) -> Vec<MemberId> {
    let find = |host: &String| {
        members.iter().find(|member| member.email.key() == host.to_lowercase()).map(|member| member.id)
    };
    let hosts = decision.result.hosts.iter().map(find).collect::<Option<Vec<MemberId>>>();
    hosts.unwrap_or_default()
}

/// Whether a decision has led to a booking that stands: its link is used up then.
pub(crate) async fn is_used(
    state: &AppState,
    workspace: WorkspaceId,
    decision: RoutingDecisionId,
) -> Result<bool, StorageError> {
    let read = state.database.read();
    let found = decisions::find(&read, workspace, decision).await?;
    let Some(booking) = found.and_then(|found| found.booking) else { return Ok(false) };
    let booking = bookings::find(&read, workspace, booking).await?;
    Ok(booking.is_some_and(|booking| booking.state == BookingState::Confirmed))
}

/// Says on the booking's timeline which decision led to it.
pub(super) async fn note(
    write: &Write,
    workspace: WorkspaceId,
    booking: BookingId,
    decision: RoutingDecisionId,
) -> Result<(), StorageError> {
    let Some(found) = decisions::find(write, workspace, decision).await? else { return Ok(()) };
    decisions::note_booking(write, workspace, decision, booking).await?;
    let step = step(write, workspace, &found).await?;
    // It stands on the timeline when it happened: before the booking.
    timeline::add(write, workspace, booking.into(), None, &[step], found.at).await
}

/// The assignment reason (割当理由) of a decision, in the workspace's language.
pub(super) async fn reason(
    on: &impl Session,
    workspace: WorkspaceId,
    decision: RoutingDecisionId,
) -> Result<Option<String>, StorageError> {
    let Some(found) = decisions::find(on, workspace, decision).await? else { return Ok(None) };
    words_of(on, workspace, &found).await.map(Some)
}

/// A decision in a sentence, in the workspace's language.
pub(crate) async fn words_of(
    on: &impl Session,
    workspace: WorkspaceId,
    decision: &RoutingDecision,
) -> Result<String, StorageError> {
    let about = workspaces::find(on, workspace).await?;
    let language = about.map(|about| about.language).unwrap_or_default();
    Ok(catalogue::step(language, &step(on, workspace, decision).await?))
}

async fn step(
    on: &impl Session,
    workspace: WorkspaceId,
    decision: &RoutingDecision,
) -> Result<Step, StorageError> {
    let all = routers::list(on, workspace).await?;
    let router = all.into_iter().find(|router| router.id == decision.router);
    Ok(Step::new("booking-routed")
        .with("router", router.map(|router| router.name).unwrap_or_default())
        .with("version", decision.version)
        .with("outcome", decision.result.outcome.kind())
        .with("decision", decision.id))
}
