//! Whose turn it is in a team, by which arithmetic, and what admins change of it (G5).

use crate::state::AppState;
use domain::form::check_text;
use domain::router::{
    Candidate, Chosen, LedgerEntry, LedgerReason, candidates, choose, credit_entries, simulate, standings,
};
use domain::value::{EmailAddress, FieldProblem, MemberId, Step, WorkspaceId};
use std::collections::BTreeMap;
use storage::StorageError;
use storage::router::ledger;
use storage::workspace::teams::{Member, Team};
use storage::workspace::{audit, teams};

/// Days of which meetings are counted.
pub(crate) const DAYS: i64 = 90;
/// The heaviest weight.
const MAX_WEIGHT: u32 = 1_000;
/// Members of a team.
const MAX_MEMBERS: usize = 200;
/// Meetings of one credit.
const MAX_CREDIT: i64 = 100;
/// Meetings that are simulated at most.
const MAX_SIMULATED: u32 = 10_000;

/// A host in the turns of a team.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) member: Member,
    pub(crate) weight: u32,
    /// What the choice looks at; `None` for hosts who take no turns.
    pub(crate) standing: Option<Chosen>,
    pub(crate) is_next: bool,
    /// Meetings by turn in the last [`DAYS`], without cancelled ones.
    pub(crate) by_turn: i64,
    /// Meetings that a router or a request gave, which count apart.
    pub(crate) routed: i64,
    /// What the same meetings would have been with today's weights, had all been free.
    pub(crate) simulated: u32,
}

/// The hosts of a team in their order.
pub(crate) async fn of_team(
    state: &AppState,
    workspace: WorkspaceId,
    team: &Team,
) -> Result<Vec<Turn>, StorageError> {
    let read = state.database.read();
    let members = teams::list_team_members(&read, workspace, team.id).await?;
    let weights = ledger::weights(&read, workspace, team.id).await?;
    let balances = ledger::balances(&read, workspace, team.id).await?;
    let since = state.clock.now().plus_minutes(-DAYS * 24 * 60);
    let meetings = ledger::meetings_since(&read, workspace, team.id, since).await?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let on_duty = candidates(&ids, &weights, &balances, &ids.iter().copied().collect());
    let standings = standings(&on_duty);
    let next = choose(&on_duty).map(|chosen| chosen.member);
    let count = |member: MemberId, reason| meetings.get(&(member, reason)).copied().unwrap_or_default();
    let all: i64 = ids.iter().map(|member| count(*member, LedgerReason::Chosen)).sum();
    // A simulation of the past begins where everybody is even.
    let even: Vec<Candidate> =
        on_duty.iter().map(|one| Candidate { balance: 0, last: None, ..one.clone() }).collect();
    let simulated: BTreeMap<MemberId, u32> =
        simulate(&even, u32::try_from(all).unwrap_or(MAX_SIMULATED).min(MAX_SIMULATED)).into_iter().collect();
    let turn = |member: Member| Turn {
        weight: weights.get(&member.id).copied().unwrap_or(1),
        standing: standings.iter().find(|one| one.member == member.id).cloned(),
        is_next: next == Some(member.id),
        by_turn: count(member.id, LedgerReason::Chosen),
        routed: count(member.id, LedgerReason::Routed),
        simulated: simulated.get(&member.id).copied().unwrap_or_default(),
        member,
    };
    Ok(members.into_iter().map(turn).collect())
}

/// Sets the weights of a team's members; those that are not named keep theirs.
pub(crate) async fn set_weights(
    state: &AppState,
    workspace: WorkspaceId,
    team: &Team,
    weights: &[(MemberId, u32)],
    actor: &str,
) -> Result<Result<(), Vec<FieldProblem>>, StorageError> {
    let too_heavy = weights.iter().enumerate().filter(|(_, (_, weight))| *weight > MAX_WEIGHT);
    let problems: Vec<FieldProblem> = too_heavy
        .map(|(place, _)| {
            let problem = FieldProblem::new(format!("members[{place}].weight"), "out-of-range");
            problem.with("min", 0).with("max", MAX_WEIGHT)
        })
        .collect();
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let write = state.database.write().await?;
    ledger::lock(&write, workspace, team.id).await?;
    for (place, weight) in weights.iter().enumerate() {
        if !ledger::set_weight(&write, workspace, team.id, *weight).await? {
            return Ok(Err(vec![FieldProblem::new(format!("members[{place}].email"), "not-a-member")]));
        }
    }
    let step = Step::new("team-weights-saved").with("team", &team.name);
    audit::record(&write, workspace, actor, &step, state.clock.now()).await?;
    write.commit().await?;
    Ok(Ok(()))
}

/// Gives a host meetings, or takes some, with the reason; the others give them, or get them.
pub(crate) async fn credit(
    state: &AppState,
    workspace: WorkspaceId,
    team: &Team,
    (member, meetings, note): (MemberId, i64, &str),
    actor: &str,
) -> Result<Result<(), Vec<FieldProblem>>, StorageError> {
    let mut problems: Vec<FieldProblem> = check_text("note", note, 1, 200).into_iter().collect();
    if meetings == 0 || meetings.abs() > MAX_CREDIT {
        let problem = FieldProblem::new("meetings", "out-of-range");
        problems.push(problem.with("min", -MAX_CREDIT).with("max", MAX_CREDIT));
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let now = state.clock.now();
    let write = state.database.write().await?;
    ledger::lock(&write, workspace, team.id).await?;
    let members = teams::list_team_members(&write, workspace, team.id).await?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let weights = ledger::weights(&write, workspace, team.id).await?;
    let on_duty = candidates(&ids, &weights, &BTreeMap::new(), &ids.iter().copied().collect());
    let changes = credit_entries(&on_duty, member, meetings);
    let Some(receiver) = members.iter().find(|one| one.id == member).filter(|_| !changes.is_empty()) else {
        return Ok(Err(vec![FieldProblem::new("member", "credit-needs-others")]));
    };
    for (member, amount) in changes {
        let entry = LedgerEntry {
            id: storage::ids::new(now),
            team: team.id,
            member,
            booking: None,
            at: now,
            amount,
            reason: LedgerReason::Credit,
            note: note.to_owned(),
        };
        ledger::add(&write, workspace, &entry).await?;
    }
    let step = Step::new("host-credited").with("team", &team.name).with("member", &receiver.name);
    audit::record(&write, workspace, actor, &step.with("meetings", meetings), now).await?;
    write.commit().await?;
    Ok(Ok(()))
}

/// Replaces a team's name, members and weights; gives the members in their order.
pub(crate) async fn save_team(
    state: &AppState,
    workspace: WorkspaceId,
    team: &Team,
    (known, weighted): (&[Member], &[(String, u32)]),
    actor: &str,
) -> Result<Result<Vec<Member>, Vec<FieldProblem>>, StorageError> {
    let mut problems: Vec<FieldProblem> = check_text("name", &team.name, 1, 100).into_iter().collect();
    if weighted.len() > MAX_MEMBERS {
        problems.push(FieldProblem::new("members", "too-many").with("max", MAX_MEMBERS));
    }
    let mut members: Vec<(Member, u32)> = Vec::new();
    for (place, (email, weight)) in weighted.iter().take(MAX_MEMBERS).enumerate() {
        let key = EmailAddress::parse(email).map(EmailAddress::into_key).unwrap_or_default();
        if *weight > MAX_WEIGHT {
            let problem = FieldProblem::new(format!("members[{place}].weight"), "out-of-range");
            problems.push(problem.with("min", 0).with("max", MAX_WEIGHT));
        }
        match known.iter().find(|member| member.email.key() == key) {
            None => {
                let problem = FieldProblem::new(format!("members[{place}].email"), "member-missing");
                problems.push(problem.with("member", email.chars().take(80).collect::<String>()));
            }
            Some(member) if members.iter().any(|(other, _)| other.id == member.id) => {
                problems.push(FieldProblem::new(format!("members[{place}].email"), "repeated"));
            }
            Some(member) => members.push((member.clone(), *weight)),
        }
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let ids: Vec<MemberId> = members.iter().map(|(member, _)| member.id).collect();
    let write = state.database.write().await?;
    ledger::lock(&write, workspace, team.id).await?;
    teams::rename(&write, workspace, team.id, &team.name).await?;
    teams::set_team_members(&write, workspace, team.id, &ids).await?;
    for (member, weight) in &members {
        ledger::set_weight(&write, workspace, team.id, (member.id, *weight)).await?;
    }
    let step = Step::new("team-saved").with("team", &team.name);
    audit::record(&write, workspace, actor, &step, state.clock.now()).await?;
    write.commit().await?;
    Ok(Ok(members.into_iter().map(|(member, _)| member).collect()))
}
