//! Teams and the members who can be booked (B1).

use crate::database::statements::{Row, Session, all, execute, one, placeholders, text};
use crate::error::StorageError;
use domain::value::{EmailAddress, MemberId, TeamId, WorkspaceId};

/// A group of members with booking pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its part of the pages' addresses; unique on the server.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Someone who can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// The address by which their Salesforce User is found (K6).
    pub email: EmailAddress,
}

/// Makes a team; `false` when the slug is taken on this server.
pub async fn create(on: &impl Session, workspace: WorkspaceId, team: &Team) -> Result<bool, StorageError> {
    let sql = "INSERT INTO teams (workspace_id, team_id, slug, name) VALUES ($1, $2, $3, $4)
        ON CONFLICT (slug) DO NOTHING";
    let values = vec![text(workspace), text(team.id), text(&team.slug), text(&team.name)];
    Ok(execute(on, sql, values).await? == 1)
}

/// A workspace's teams, by name.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<Team>, StorageError> {
    let sql = "SELECT * FROM teams WHERE workspace_id = $1 ORDER BY name, team_id";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Team { id: row.parse("teams", "team_id")?, slug: row.get("slug")?, name: row.get("name")? })
        })
        .collect()
}

/// The team with this part of an address, and its workspace; public pages begin here.
pub async fn find_by_slug(
    on: &impl Session,
    slug: &str,
) -> Result<Option<(WorkspaceId, Team)>, StorageError> {
    let row = one(on, "SELECT * FROM teams WHERE slug = $1", vec![text(slug)]).await?;
    row.map(|row| {
        let team =
            Team { id: row.parse("teams", "team_id")?, slug: row.get("slug")?, name: row.get("name")? };
        Ok((row.parse("teams", "workspace_id")?, team))
    })
    .transpose()
}

/// Gives a team another name.
pub async fn rename(
    on: &crate::Write,
    workspace: WorkspaceId,
    team: TeamId,
    name: &str,
) -> Result<(), StorageError> {
    let sql = "UPDATE teams SET name = $3 WHERE workspace_id = $1 AND team_id = $2";
    execute(on, sql, vec![text(workspace), text(team), text(name)]).await.map(drop)
}

/// Makes a member or saves their name and address.
pub async fn save_member(
    on: &impl Session,
    workspace: WorkspaceId,
    member: &Member,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO members (workspace_id, member_id, name, email) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, member_id) DO UPDATE SET name = excluded.name, email = excluded.email";
    let values = vec![text(workspace), text(member.id), text(&member.name), text(&member.email)];
    execute(on, sql, values).await.map(drop)
}

/// A workspace's members, by name.
pub async fn list_members(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<Member>, StorageError> {
    let sql = "SELECT * FROM members WHERE workspace_id = $1 ORDER BY name, member_id";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read_member).collect()
}

/// Some members, in the order in which they are named; unknown ones are left out.
pub async fn find_members(
    on: &impl Session,
    workspace: WorkspaceId,
    members: &[MemberId],
) -> Result<Vec<Member>, StorageError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT * FROM members WHERE workspace_id = $1 AND member_id IN ({})",
        placeholders(2, members.len())
    );
    let values = std::iter::once(text(workspace)).chain(members.iter().map(text)).collect();
    let found: Vec<Member> =
        all(on, &sql, values).await?.iter().map(read_member).collect::<Result<_, _>>()?;
    Ok(members.iter().filter_map(|id| found.iter().find(|member| member.id == *id).cloned()).collect())
}

/// Sets a team's members, in order; those who stay keep their weights.
pub async fn set_team_members(
    on: &impl Session,
    workspace: WorkspaceId,
    team: TeamId,
    members: &[MemberId],
) -> Result<(), StorageError> {
    let known = list_team_members(on, workspace, team).await?;
    for gone in known.iter().filter(|known| !members.contains(&known.id)) {
        let sql = "DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2 AND member_id = $3";
        execute(on, sql, vec![text(workspace), text(team), text(gone.id)]).await?;
    }
    for (position, member) in (0_i64..).zip(members) {
        let sql =
            "INSERT INTO team_members (workspace_id, team_id, member_id, position) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace_id, team_id, member_id) DO UPDATE SET position = excluded.position";
        execute(on, sql, vec![text(workspace), text(team), text(member), position.into()]).await?;
    }
    Ok(())
}

/// A team's members, in order.
pub async fn list_team_members(
    on: &impl Session,
    workspace: WorkspaceId,
    team: TeamId,
) -> Result<Vec<Member>, StorageError> {
    let sql = "SELECT members.* FROM team_members JOIN members
        ON members.workspace_id = team_members.workspace_id AND members.member_id = team_members.member_id
        WHERE team_members.workspace_id = $1 AND team_members.team_id = $2 ORDER BY team_members.position";
    all(on, sql, vec![text(workspace), text(team)]).await?.iter().map(read_member).collect()
}

fn read_member(row: &Row) -> Result<Member, StorageError> {
    Ok(Member {
        id: row.parse("members", "member_id")?,
        name: row.get("name")?,
        email: row.word("members", "email", |email| EmailAddress::parse(email).ok())?,
    })
}
