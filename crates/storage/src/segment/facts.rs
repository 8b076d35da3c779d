//! What conditions ask of one person, read together.

use crate::database::statements::{Row, Session, Value, all, one, text};
use crate::error::StorageError;
use domain::people::LinkState;
use domain::segment::PersonFacts;
use domain::value::{PersonId, Timestamp, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

/// What is known of the person with an address; `None` if there is no such person.
pub async fn of_address(
    on: &impl Session,
    workspace: WorkspaceId,
    email_key: &str,
) -> Result<Option<(PersonId, PersonFacts)>, StorageError> {
    let sql = "SELECT * FROM people WHERE workspace_id = $1 AND email_key = $2 AND email_key <> ''";
    match one(on, sql, vec![text(workspace), text(email_key)]).await? {
        Some(row) => Ok(Some((row.parse("people", "person_id")?, of_row(on, workspace, &row).await?))),
        None => Ok(None),
    }
}

/// What is known of a person; `None` if there is no such person.
pub async fn of_person(
    on: &impl Session,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Option<PersonFacts>, StorageError> {
    let sql = "SELECT * FROM people WHERE workspace_id = $1 AND person_id = $2";
    match one(on, sql, vec![text(workspace), text(person)]).await? {
        Some(row) => of_row(on, workspace, &row).await.map(Some),
        None => Ok(None),
    }
}

async fn of_row(on: &impl Session, workspace: WorkspaceId, row: &Row) -> Result<PersonFacts, StorageError> {
    let mut facts = PersonFacts {
        values: row.json("people", "fields")?,
        sync: sync(on, workspace, row).await?,
        ..PersonFacts::default()
    };
    let email_key: String = row.get("email_key")?;
    if email_key.is_empty() {
        return Ok(facts);
    }
    let given = || vec![text(workspace), text(&email_key)];
    let sql = "SELECT form_id AS id, MAX(created_at) AS at FROM submissions
        WHERE workspace_id = $1 AND email_key = $2 AND state <> 'quarantined' GROUP BY form_id";
    facts.submissions = last(on, "submissions", sql, given()).await?;
    let sql = "SELECT page_id AS id, MAX(created_at) AS at FROM bookings
        WHERE workspace_id = $1 AND email_key = $2 AND state = 'confirmed' GROUP BY page_id";
    facts.bookings = last(on, "bookings", sql, given()).await?;
    let sql = "SELECT MAX(last_seen_at) AS at FROM visitors WHERE workspace_id = $1 AND email_key = $2";
    if let Some(row) = one(on, sql, given()).await? {
        facts.visited_at = row.get::<Option<i64>>("at")?.map(Timestamp::from_microseconds);
    }
    let sql = "SELECT e.slug FROM router_lists AS l JOIN router_list_entries AS e
        ON e.workspace_id = l.workspace_id AND e.slug = l.slug AND e.entry_key = $2
        WHERE l.workspace_id = $1 AND l.keyed_by = 'email'";
    let lists = all(on, sql, given()).await?;
    facts.lists = lists.iter().map(|row| row.get("slug")).collect::<Result<BTreeSet<String>, _>>()?;
    Ok(facts)
}

async fn sync(on: &impl Session, workspace: WorkspaceId, row: &Row) -> Result<LinkState, StorageError> {
    if row.get::<bool>("is_pending")? {
        return Ok(LinkState::Waiting);
    }
    let sql = "SELECT state FROM people_links WHERE workspace_id = $1 AND person_id = $2 AND is_partner";
    let person: String = row.get("person_id")?;
    match one(on, sql, vec![text(workspace), text(person)]).await? {
        Some(link) => link.word("people_links", "state", LinkState::parse),
        None => Ok(LinkState::Waiting),
    }
}

async fn last<I: FromStr + Ord>(
    on: &impl Session,
    table: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<BTreeMap<I, Timestamp>, StorageError>
where
    I::Err: Display,
{
    let rows = all(on, sql, values).await?;
    rows.iter().map(|row| Ok((row.parse(table, "id")?, row.time("at")?))).collect()
}
