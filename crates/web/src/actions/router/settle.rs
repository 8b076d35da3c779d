//! Whether a visitor can get what was decided, and who is meant: else the fallback, and at last nothing (G6).

use crate::actions::tag::slots;
use crate::state::AppState;
use domain::booking::BookingPage;
use domain::router::{
    Assignment, Decision, Facts, FindKey, InsteadOf, Known, NotPossible, Outcome, RecordFacts, RoutingResult,
    find_name,
};
use domain::synced_fields::SyncedObject;
use domain::value::{Language, WorkspaceId};
use storage::StorageError;
use storage::booking::pages;
use storage::workspace::teams;

/// What a visitor gets of a decision.
pub(crate) async fn settle(
    state: &AppState,
    workspace: WorkspaceId,
    facts: &Facts,
    decision: Decision,
) -> Result<RoutingResult, StorageError> {
    // A row without anybody is the answer of whoever made the list, and no outcome that failed.
    let is_refused = decision.assignment.as_ref().is_some_and(Assignment::refuses);
    let wanted = match (&decision.outcome, &decision.assignment) {
        (Outcome::Assigned { .. }, _) if is_refused => Outcome::Nothing,
        (Outcome::Assigned { .. }, Some(row)) if !row.page.is_empty() => {
            Outcome::Assigned { page: row.page.clone() }
        }
        (outcome, _) => outcome.clone(),
    };
    let first = possible(state, workspace, facts, &decision, &wanted).await?;
    let (outcome, hosts, instead_of) = match (first, &decision.fallback) {
        (Ok(hosts), _) => (wanted, hosts, None),
        (Err(reason), fallback) => {
            let instead_of = Some(InsteadOf { outcome: wanted, reason });
            let fallback = fallback.clone().unwrap_or(Outcome::Nothing);
            match possible(state, workspace, facts, &decision, &fallback).await? {
                Ok(hosts) => (fallback, hosts, instead_of),
                Err(_) => (Outcome::Nothing, Vec::new(), instead_of),
            }
        }
    };
    Ok(RoutingResult { path: decision.path, outcome, instead_of, hosts, assignment: decision.assignment })
}

/// The members who are meant, none for the page's own choice; or why it isn't possible.
async fn possible(
    state: &AppState,
    workspace: WorkspaceId,
    facts: &Facts,
    decision: &Decision,
    outcome: &Outcome,
) -> Result<Result<Vec<String>, NotPossible>, StorageError> {
    let hosts = match outcome {
        Outcome::Message { .. } | Outcome::Redirect { .. } | Outcome::Nothing => return Ok(Ok(Vec::new())),
        Outcome::Page { .. } => Vec::new(),
        Outcome::Member { member, .. } => vec![member.clone()],
        Outcome::Owner { object, .. } => match owner(facts, decision, *object) {
            Some(owner) => vec![owner],
            None => return Ok(Err(NotPossible::NoOwner)),
        },
        Outcome::Assigned { .. } => match &decision.assignment {
            Some(row) if !row.refuses() => row.members.clone(),
            Some(_) | None => return Ok(Err(NotPossible::NobodyAssigned)),
        },
    };
    let Some(page) = open_page(state, workspace, outcome.page().unwrap_or_default()).await? else {
        return Ok(Err(NotPossible::PageClosed));
    };
    check_hosts_and_time(state, workspace, page, hosts).await
}

/// Checks that the members take part in the page, and that there is a free time.
async fn check_hosts_and_time(
    state: &AppState,
    workspace: WorkspaceId,
    mut page: BookingPage,
    hosts: Vec<String>,
) -> Result<Result<Vec<String>, NotPossible>, StorageError> {
    if !hosts.is_empty() {
        let members = teams::list_members(&state.database.read(), workspace).await?;
        let mut chosen = Vec::new();
        for host in &hosts {
            let Some(member) = members.iter().find(|member| member.email.key() == host.to_lowercase()) else {
                return Ok(Err(NotPossible::NotAMember));
            };
            if !page.members.contains(&member.id) {
                return Ok(Err(NotPossible::NotOnPage));
            }
            chosen.push(member.id);
        }
        page.members = chosen;
    }
    let (days, _) = slots::find(state, workspace, &page, None, Language::Japanese).await?;
    let has_time = days.as_array().is_some_and(|days| !days.is_empty());
    Ok(if has_time { Ok(hosts) } else { Err(NotPossible::NoFreeTime) })
}

async fn open_page(
    state: &AppState,
    workspace: WorkspaceId,
    path: &str,
) -> Result<Option<BookingPage>, StorageError> {
    let Some((team, slug)) = path.split_once('/') else { return Ok(None) };
    let found = pages::find_by_path(&state.database.read(), workspace, team, slug).await?;
    Ok(found.filter(|page| page.active))
}

/// The owner of the object's record that the path has found, of any such record, or of the one that it has found last.
fn owner(facts: &Facts, decision: &Decision, object: Option<SyncedObject>) -> Option<String> {
    let name = match object {
        Some(object) => {
            let of_path = decision.records.get(&object).cloned();
            of_path.unwrap_or_else(|| find_name(object, FindKey::usual(object), false))
        }
        None => decision.record.clone()?,
    };
    match facts.records.get(&name) {
        Some(Known::Found(RecordFacts { owner, .. })) => owner.clone(),
        _ => None,
    }
}
