//! Setting up Account Engagement's lists, as the console and the API both do it (E1, E2, E4).

use crate::actions::org_request::request_and_wait;
use crate::actions::refusal::Refusal;
use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::engagement::{
    BusinessUnitCheck, EngagementLists, ListVerdict, ListsInput, RuleInput, check_input, find_lists,
    find_targets, first_rule,
};
use domain::run::{RunKind, next_nightly};
use domain::tag::{Tag, may_switch_on, other_tag_is_on};
use domain::value::{EmailAddress, FieldProblem, Step, TeamId, WorkspaceId};
use std::time::Duration;
use storage::booking::pages;
use storage::engagement::members;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::run::schedules;
use storage::tag::keys;
use storage::workspace::settings::KnownLists;
use storage::workspace::{audit, settings, teams, workspaces};
use storage::{Session, StorageError};

/// Checks what was typed, asks Account Engagement when it is to be on, and saves all of it or nothing.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    given: ListsInput,
    author: Author<'_>,
    patience: Duration,
) -> Result<Result<EngagementLists, Refusal>, StorageError> {
    let given = match check_input(given) {
        Ok(given) => given,
        Err(problems) => return Ok(Err(Refusal::Fields(problems))),
    };
    let read = state.database.read();
    let mut problems = Vec::new();
    let active = keys::find(&read, workspace).await?.and_then(|tags| tags.active);
    if given.enabled {
        problems.extend(may_switch_on(Tag::List, active, "enabled").err());
    }
    let teams = team_slugs(&read, workspace).await?;
    let pages = pages::list(&read, workspace).await?;
    let mut wanted = match find_targets(&given, &teams, &pages) {
        Ok(wanted) => Some(wanted),
        Err(faults) => {
            problems.extend(faults);
            None
        }
    };
    let mut known = None;
    if given.enabled {
        let finding = match request_check(state, workspace, &given.business_unit_id, patience).await? {
            Ok(finding) => finding,
            Err(_) if !problems.is_empty() => return Ok(Err(Refusal::Fields(problems))),
            Err(answer) => return Ok(Err(Refusal::Unanswered(answer))),
        };
        match find_lists(&given, &finding) {
            Ok(lists) => {
                let rules = wanted.iter_mut().flat_map(|wanted| &mut wanted.rules);
                for (rule, list) in rules.zip(lists) {
                    (rule.list, rule.list_id) = (list.name.clone(), Some(list.id));
                }
            }
            Err(faults) => problems.extend(faults),
        }
        if let BusinessUnitCheck::Lists { lists } = finding {
            known = Some(KnownLists { business_unit_id: given.business_unit_id.clone(), lists });
        }
    }
    let Some(mut wanted) = wanted.filter(|_| problems.is_empty()) else {
        return Ok(Err(Refusal::Fields(problems)));
    };
    if !wanted.enabled {
        restore_numbers(&mut wanted, &settings::find::<EngagementLists>(&read, workspace).await?);
    }
    match store(state, workspace, &wanted, known.as_ref(), author).await? {
        None => Ok(Ok(wanted)),
        Some(problem) => Ok(Err(Refusal::Fields(vec![problem]))),
    }
}

/// What is switched off was not checked; lists that were known before stay known.
fn restore_numbers(wanted: &mut EngagementLists, before: &EngagementLists) {
    if wanted.business_unit_id != before.business_unit_id {
        return;
    }
    for rule in &mut wanted.rules {
        let same = before.rules.iter().find(|known| known.list == rule.list);
        rule.list_id = same.and_then(|known| known.list_id);
    }
}

/// The problem when the visitor tag was switched on in this very moment, or someone else has saved others.
async fn store(
    state: &AppState,
    workspace: WorkspaceId,
    wanted: &EngagementLists,
    known: Option<&KnownLists>,
    author: Author<'_>,
) -> Result<Option<FieldProblem>, StorageError> {
    let now = state.clock.now();
    let zone = workspaces::find(&state.database.read(), workspace).await?;
    let zone = zone.map_or_else(String::new, |found| found.time_zone);
    let write = state.database.write().await?;
    if let Some(conflict) = author.conflict::<EngagementLists>(&write, workspace).await? {
        return Ok(Some(conflict));
    }
    if wanted.enabled {
        if !keys::switch_on(&write, workspace, Tag::List).await? {
            return Ok(Some(other_tag_is_on(Tag::List, "enabled")));
        }
        let next = next_nightly(now, wanted.refresh_at, &zone);
        schedules::set(&write, workspace, RunKind::EngagementLists, next).await?;
    } else {
        keys::make_key(&write, workspace).await?;
        keys::switch_off(&write, workspace, Tag::List).await?;
        schedules::clear(&write, workspace, RunKind::EngagementLists).await?;
    }
    settings::save(&write, workspace, wanted, now).await?;
    if let Some(known) = known {
        settings::save(&write, workspace, known, now).await?;
    }
    let step = if wanted.enabled { "engagement-lists-saved" } else { "engagement-lists-off" };
    audit::record(&write, workspace, author.actor, &Step::new(step), now).await?;
    write.commit().await?;
    Ok(None)
}

/// Asks Account Engagement about a business unit; what came instead when there is no answer.
pub(crate) async fn request_check(
    state: &AppState,
    workspace: WorkspaceId,
    business_unit_id: &str,
    patience: Duration,
) -> Result<Result<BusinessUnitCheck, Option<OrgResponse>>, StorageError> {
    let question = OrgRequest::EngagementLists { business_unit_id: business_unit_id.to_owned() };
    Ok(match request_and_wait(state, workspace, &question, patience).await? {
        Some(OrgResponse::EngagementLists { finding }) => Ok(finding),
        other => Err(other),
    })
}

/// Which rule is for someone, by what is kept here; Account Engagement is not asked (E2).
pub(crate) async fn verdict(
    on: &impl Session,
    workspace: WorkspaceId,
    lists: &EngagementLists,
    email: &EmailAddress,
) -> Result<ListVerdict, StorageError> {
    let memberships = members::memberships(on, workspace, &email.key()).await?;
    Ok(first_rule(&lists.rules, &lists.business_unit_id, memberships.as_ref()))
}

/// The settings as they would be typed; a team or page that is gone is left blank.
pub(crate) async fn typed(
    on: &impl Session,
    workspace: WorkspaceId,
    lists: &EngagementLists,
) -> Result<ListsInput, StorageError> {
    let teams = team_slugs(on, workspace).await?;
    let pages = pages::list(on, workspace).await?;
    let rules = lists.rules.iter().map(|rule| {
        let team = teams.iter().find(|(id, _)| *id == rule.team);
        let page = pages.iter().find(|page| page.id == rule.meeting_type);
        RuleInput {
            list: rule.list.clone(),
            team: team.map(|(_, slug)| slug.clone()).unwrap_or_default(),
            meeting_type: page.map(|page| page.slug.clone()).unwrap_or_default(),
        }
    });
    Ok(ListsInput {
        enabled: lists.enabled,
        business_unit_id: lists.business_unit_id.clone(),
        rules: rules.collect(),
        refresh_at: lists.refresh_at,
    })
}

async fn team_slugs(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Vec<(TeamId, String)>, StorageError> {
    Ok(teams::list(on, workspace).await?.into_iter().map(|team| (team.id, team.slug)).collect())
}
