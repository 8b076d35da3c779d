//! `/teams`: teams with their ordered members.

use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::booking::is_slug;
use domain::form::check_text;
use domain::value::{EmailAddress, FieldProblem, tidy_line};
use serde::Deserialize;
use serde_json::{Value, json};
use storage::StorageError;
use storage::workspace::teams;
use storage::workspace::teams::{Member, Team};

/// A new team.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    slug: String,
    name: String,
    #[serde(default)]
    members: Vec<NewMember>,
}

/// A new member of a team.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    name: String,
    email: String,
}

fn shown(team: &Team, members: &[Member]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|member| json!({ "id": member.id, "name": member.name, "email": member.email }))
        .collect();
    json!({ "id": team.id, "slug": team.slug, "name": team.name, "members": members })
}

/// The workspace's teams.
#[utoipa::path(get, path = "/teams", tag = "teams", responses((status = 200, description = "Teams with their members"), (status = 401, description = "The API key is not valid")))]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let read = state.database.read();
    let collected = async {
        let mut all = Vec::new();
        for team in teams::list(&read, caller.workspace).await? {
            let members = teams::list_team_members(&read, caller.workspace, team.id).await?;
            all.push(shown(&team, &members));
        }
        Ok::<_, StorageError>(all)
    };
    let all = collected.await?;
    Ok(Json(json!({ "teams": all })))
}

/// Creates a team with its members, in order.
#[utoipa::path(post, path = "/teams", tag = "teams", request_body = NewTeam, responses((status = 201, description = "The team"), (status = 422, description = "Some fields are invalid"), (status = 401, description = "The API key is not valid")))]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(new): Body<NewTeam>,
) -> Result<(StatusCode, Json<Value>), Problem> {
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
    let stored = async {
        let write = state.database.write().await?;
        if !teams::create(&write, caller.workspace, &team).await? {
            return Ok::<_, StorageError>(false);
        }
        for member in &members {
            teams::save_member(&write, caller.workspace, member).await?;
        }
        let ids: Vec<_> = members.iter().map(|member| member.id).collect();
        teams::set_team_members(&write, caller.workspace, team.id, &ids).await?;
        write.commit().await?;
        Ok(true)
    };
    if !stored.await? {
        let taken = FieldProblem::new("slug", "taken").with("value", &team.slug);
        return Err(Problem::invalid_field(taken));
    }
    Ok((StatusCode::CREATED, Json(shown(&team, &members))))
}
