//! Who meets the visitor: those a router chose, those the request names, everybody, or the one whose turn it is (G5).

use crate::actions::booking::request::{BookingProblem, BookingRequest};
use domain::booking::{Attendance, BookingPage, Host, end_of, free_members};
use domain::router::{Candidate, LedgerEntry, LedgerReason, candidates, choose, entries};
use domain::value::{
    BookingId, EmailAddress, FieldProblem, MemberId, TeamId, Timestamp, WorkspaceId, match_key,
};
use std::collections::BTreeSet;
use storage::booking::cells;
use storage::router::ledger;
use storage::workspace::teams;
use storage::{Session, StorageError, Write};

/// The hosts of a meeting, and what their being chosen changes in the team's ledger.
pub(super) struct Chosen {
    pub(super) hosts: Vec<MemberId>,
    changes: Vec<(MemberId, i64, LedgerReason)>,
}

/// Chooses hosts inside the booking's transaction; `None` if nobody is free. Members in `taken` are not asked again.
pub(super) async fn choose_hosts(
    write: &Write,
    workspace: WorkspaceId,
    page: &BookingPage,
    request: &BookingRequest,
    (start, taken): (Timestamp, &BTreeSet<MemberId>),
) -> Result<Option<Chosen>, BookingProblem> {
    let named = match &request.routed {
        Some(routed) if !routed.hosts.is_empty() => routed.hosts.clone(),
        _ if request.hosts.is_empty() => Vec::new(),
        _ => named_hosts(&teams::find_members(write, workspace, &page.members).await?, request)?,
    };
    if !named.is_empty() {
        let changes = named.first().map(|host| (*host, 0, LedgerReason::Routed)).into_iter().collect();
        // Whoever is named is not chosen once more.
        return Ok(taken.is_empty().then_some(Chosen { hosts: named, changes }));
    }
    if page.attendance != Attendance::All {
        ledger::lock(write, workspace, page.team).await?;
    }
    let busy = cells::busy(write, workspace, &page.members, start, end_of(page, start)).await?;
    let free: BTreeSet<MemberId> =
        free_members(page, start, &busy).into_iter().filter(|member| !taken.contains(member)).collect();
    match page.attendance {
        Attendance::All if !free.is_empty() && free.len() == page.members.len() => {
            Ok(Some(Chosen { hosts: page.members.clone(), changes: Vec::new() }))
        }
        Attendance::All => Ok(None),
        Attendance::Any | Attendance::Turn => {
            let on_duty = on_duty(write, workspace, page, &free).await?;
            let Some(chosen) = choose(&on_duty) else { return Ok(None) };
            let reason = |member| {
                if member == chosen.member { LedgerReason::Chosen } else { LedgerReason::Share }
            };
            let changes = entries(&on_duty, chosen.member);
            let changes = changes.into_iter().map(|(member, amount)| (member, amount, reason(member)));
            Ok(Some(Chosen { hosts: vec![chosen.member], changes: changes.collect() }))
        }
    }
}

/// The page's members who take turns, with their balances.
pub(crate) async fn on_duty(
    on: &impl Session,
    workspace: WorkspaceId,
    page: &BookingPage,
    free: &BTreeSet<MemberId>,
) -> Result<Vec<Candidate>, StorageError> {
    let weights = ledger::weights(on, workspace, page.team).await?;
    let balances = ledger::balances(on, workspace, page.team).await?;
    Ok(candidates(&page.members, &weights, &balances, free))
}

/// Writes what a choice changes, once its booking is kept.
pub(super) async fn enter(
    write: &Write,
    workspace: WorkspaceId,
    team: TeamId,
    (booking, chosen): (BookingId, &Chosen),
    now: Timestamp,
) -> Result<(), StorageError> {
    for (member, amount, reason) in &chosen.changes {
        let entry = LedgerEntry {
            id: storage::ids::new(now),
            team,
            member: *member,
            booking: Some(booking),
            at: now,
            amount: *amount,
            reason: *reason,
            note: String::new(),
        };
        ledger::add(write, workspace, &entry).await?;
    }
    Ok(())
}

pub(super) fn host(member: teams::Member) -> Host {
    Host { member: member.id, name: member.name, email: member.email }
}

fn named_hosts(members: &[teams::Member], request: &BookingRequest) -> Result<Vec<MemberId>, BookingProblem> {
    let mut problems = Vec::new();
    let mut named = Vec::new();
    for (index, wanted) in request.hosts.iter().enumerate() {
        // However an address is spelt, it is compared by its key.
        let key = EmailAddress::parse(wanted).map_or_else(|_| match_key(wanted), EmailAddress::into_key);
        match members.iter().find(|one| one.id.to_string() == key || one.email.key() == key) {
            Some(member) => named.push(member.id),
            None => problems.push(FieldProblem::new(format!("hosts[{index}]"), "not-a-member")),
        }
    }
    // K6 and K13 go by the page's order, whoever is named first.
    named.sort_by_key(|id| members.iter().position(|member| member.id == *id));
    named.dedup();
    if problems.is_empty() { Ok(named) } else { Err(BookingProblem::Invalid(problems)) }
}
