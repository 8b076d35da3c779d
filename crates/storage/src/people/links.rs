//! What a person and a record agreed on last, and how the person's sync stands.

use crate::database::statements::{Row, Session, all, dialect, execute, text, to_json};
use crate::error::StorageError;
use crate::people::person::names;
use domain::people::{Link, LinkState};
use domain::value::{PersonId, Timestamp, WorkspaceId};

const TABLE: &str = "people_links";

/// A person's tie to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink {
    /// The record's ID.
    pub record_id: String,
    /// The person.
    pub person: PersonId,
    /// The person is synced with this record; others are remembered.
    pub is_partner: bool,
    /// What they agreed on.
    pub link: Link,
    /// How it stands.
    pub state: LinkState,
    /// Why it stands like that: a code, empty where there is nothing to say.
    pub reason: String,
    /// When both were found equal, or a value went over, last.
    pub synced_at: Timestamp,
}

/// Keeps a link.
pub async fn save(on: &crate::Write, workspace: WorkspaceId, link: &StoredLink) -> Result<(), StorageError> {
    save_many(on, workspace, &[link]).await
}

/// Keeps links, one of a record at most.
pub async fn save_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    links: &[&StoredLink],
) -> Result<(), StorageError> {
    if links.is_empty() {
        return Ok(());
    }
    let flag = |flag: bool| if flag { "1" } else { "0" }.to_owned();
    let mut rows = Vec::with_capacity(links.len());
    for link in links {
        let body = serde_json::to_string(&link.link).map_err(|error| StorageError::Inconsistent {
            table: TABLE,
            column: "body",
            reason: error.to_string(),
        })?;
        rows.push([
            link.record_id.clone(),
            link.person.to_string(),
            flag(link.is_partner),
            flag(link.link.attempt.is_some()),
            body,
            link.state.name().to_owned(),
            link.reason.clone(),
            link.synced_at.microseconds().to_string(),
        ]);
    }
    let sql = format!(
        "INSERT INTO people_links (workspace_id, record_id, person_id, is_partner, has_attempt, body, state, reason,
            synced_at)
        SELECT $1, value ->> 0, value ->> 1, value ->> 2 = '1', value ->> 3 = '1', value ->> 4, value ->> 5,
            value ->> 6, CAST(value ->> 7 AS BIGINT)
        FROM {} WHERE true
        ON CONFLICT (workspace_id, record_id) DO UPDATE SET person_id = excluded.person_id,
            is_partner = excluded.is_partner, has_attempt = excluded.has_attempt, body = excluded.body,
            state = excluded.state, reason = excluded.reason, synced_at = excluded.synced_at",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), to_json(&rows)?]).await.map(drop)
}

/// The links of people, partners and former ones.
pub async fn of_people(
    on: &impl Session,
    workspace: WorkspaceId,
    people: &[PersonId],
) -> Result<Vec<StoredLink>, StorageError> {
    let sql = format!(
        "SELECT * FROM people_links WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    let rows = all(on, &sql, vec![text(workspace), names(people)?]).await?;
    rows.iter().map(read).collect()
}

/// The links of records.
pub async fn of_records(
    on: &impl Session,
    workspace: WorkspaceId,
    records: &[String],
) -> Result<Vec<StoredLink>, StorageError> {
    let sql = format!(
        "SELECT * FROM people_links WHERE workspace_id = $1 AND record_id IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    let rows = all(on, &sql, vec![text(workspace), names(records)?]).await?;
    rows.iter().map(read).collect()
}

/// Links with a write whose outcome is not known, and those of records that could not be seen, from a record on.
pub async fn to_look_at(
    on: &impl Session,
    workspace: WorkspaceId,
    after: &str,
    limit: u32,
) -> Result<Vec<StoredLink>, StorageError> {
    let sql = "SELECT * FROM people_links WHERE workspace_id = $1 AND (has_attempt OR state = 'suspended')
            AND state <> 'excluded' AND record_id > $2
        ORDER BY record_id LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(after), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// How many partners stand how.
pub async fn count_by_state(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Vec<(LinkState, u64)>, StorageError> {
    let sql = "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM people_links
        WHERE workspace_id = $1 AND is_partner GROUP BY state";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter()
        .map(|row| Ok((row.word(TABLE, "state", LinkState::parse)?, row.get::<i64>("n")?.unsigned_abs())))
        .collect()
}

fn read(row: &Row) -> Result<StoredLink, StorageError> {
    Ok(StoredLink {
        record_id: row.get("record_id")?,
        person: row.parse(TABLE, "person_id")?,
        is_partner: row.get("is_partner")?,
        link: row.json(TABLE, "body")?,
        state: row.word(TABLE, "state", LinkState::parse)?,
        reason: row.get("reason")?,
        synced_at: row.time("synced_at")?,
    })
}
