//! `/teams`: teams with their ordered members.

use crate::actions::turns;
use crate::api::refusals::{InvalidBody, NotFound, Refused};
use crate::api::value::{Email, Id};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::form::check_text;
use domain::value::{EmailAddress, FieldProblem, MemberId, Step, is_slug, tidy_line};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use storage::router::ledger;
use storage::workspace::teams::{Member, Team};
use storage::workspace::{audit, teams};

/// A new team.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Its part of addresses: lower-case letters, digits and hyphens.
    slug: String,
    /// Its name.
    name: String,
    /// Its members, in order.
    #[serde(default)]
    members: Vec<NewMember>,
}

/// A new member of a team.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The name.
    name: String,
    /// The email address.
    email: String,
}

/// What a team is to be.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamChange {
    /// Its name.
    name: String,
    /// Its members, in order; each is a member of the workspace already.
    members: Vec<WeightedMember>,
}

/// A member and the part of the team's meetings that is meant for them.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightedMember {
    /// The email address.
    email: String,
    /// 0 to 1,000; 1 if it is absent.
    weight: Option<u32>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Team)]
pub struct TeamResponse {
    /// Its ID.
    id: Id,
    /// Its part of addresses.
    #[schema(example = "sales")]
    slug: String,
    /// Its name.
    #[schema(example = "営業部")]
    name: String,
    /// Its members, in order.
    members: Vec<MemberResponse>,
}

/// Someone who can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub struct MemberResponse {
    /// The ID.
    id: Id,
    /// The name.
    #[schema(example = "鈴木 一郎")]
    name: String,
    /// The email address.
    email: Email,
    /// The part of the team's meetings that is meant for this member; 0 for none.
    #[schema(example = 1)]
    weight: u32,
}

/// All teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TeamList {
    /// Teams with their members.
    teams: Vec<TeamResponse>,
}

impl TeamResponse {
    fn of(team: &Team, members: &[Member], weights: &BTreeMap<MemberId, u32>) -> Self {
        let members = members.iter().map(|member| MemberResponse {
            weight: weights.get(&member.id).copied().unwrap_or(1),
            id: member.id.into(),
            name: member.name.clone(),
            email: Email::from(&member.email),
        });
        Self {
            id: team.id.into(),
            slug: team.slug.clone(),
            name: team.name.clone(),
            members: members.collect(),
        }
    }
}

/// The workspace's teams.
#[utoipa::path(
    get, path = "/teams", tag = "teams", operation_id = "list_teams",
    responses((status = 200, description = "Teams with their members", body = TeamList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<TeamList>, Problem> {
    let read = state.database.read();
    let mut all = Vec::new();
    for team in teams::list(&read, caller.workspace).await? {
        let members = teams::list_team_members(&read, caller.workspace, team.id).await?;
        let weights = ledger::weights(&read, caller.workspace, team.id).await?;
        all.push(TeamResponse::of(&team, &members, &weights));
    }
    Ok(Json(TeamList { teams: all }))
}

/// Creates a team with its members, in order.
#[utoipa::path(
    post, path = "/teams", tag = "teams", operation_id = "create_team", request_body = NewTeam,
    responses((status = 201, description = "The team", body = TeamResponse), Refused, InvalidBody),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(new): Body<NewTeam>,
) -> Result<(StatusCode, Json<TeamResponse>), Problem> {
    let now = state.clock.now();
    let mut faults: Vec<FieldProblem> = check_text("name", &new.name, 1, 100).into_iter().collect();
    if !is_slug(&new.slug) {
        faults.push(FieldProblem::new("slug", "bad-slug"));
    }
    let mut members = Vec::new();
    for (index, member) in new.members.iter().enumerate() {
        faults.extend(check_text(&format!("members[{index}].name"), &member.name, 1, 100));
        match EmailAddress::parse(&member.email) {
            Ok(email) => {
                members.push(Member {
                    id: storage::ids::new(now),
                    name: member.name.trim().to_owned(),
                    email,
                });
            }
            Err(_) => faults.push(FieldProblem::new(format!("members[{index}].email"), "not-an-email")),
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let team = Team { id: storage::ids::new(now), slug: new.slug, name: tidy_line(&new.name) };
    let write = state.database.write().await?;
    if !teams::create(&write, caller.workspace, &team).await? {
        return Err(Problem::invalid_field(FieldProblem::new("slug", "taken").with("value", &team.slug)));
    }
    for member in &members {
        teams::save_member(&write, caller.workspace, member).await?;
    }
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    teams::set_team_members(&write, caller.workspace, team.id, &ids).await?;
    let step = Step::new("team-made").with("team", &team.name);
    audit::record(&write, caller.workspace, &caller.actor, &step, now).await?;
    write.commit().await?;
    Ok((StatusCode::CREATED, Json(TeamResponse::of(&team, &members, &BTreeMap::new()))))
}

/// Replaces a team's name, its members and their weights.
#[utoipa::path(
    put, path = "/teams/{slug}", tag = "teams", operation_id = "save_team", request_body = TeamChange,
    params(("slug" = String, Path, description = "Its part of addresses")),
    responses((status = 200, description = "The team as saved", body = TeamResponse), Refused, InvalidBody, NotFound),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(change): Body<TeamChange>,
) -> Result<Json<TeamResponse>, Problem> {
    let read = state.database.read();
    let found = teams::list(&read, caller.workspace).await?.into_iter().find(|team| team.slug == slug);
    let team = found.ok_or_else(Problem::not_found)?;
    let known = teams::list_members(&read, caller.workspace).await?;
    let weighted: Vec<(String, u32)> =
        change.members.iter().map(|one| (one.email.clone(), one.weight.unwrap_or(1))).collect();
    let team = Team { name: tidy_line(&change.name), ..team };
    let saved = turns::save_team(&state, caller.workspace, &team, (&known, &weighted), &caller.actor).await?;
    let members = saved.map_err(Problem::invalid)?;
    let weights = ledger::weights(&state.database.read(), caller.workspace, team.id).await?;
    Ok(Json(TeamResponse::of(&team, &members, &weights)))
}
