//! What people have agreed to or refused, with the evidence. Nothing of it is ever changed.

use crate::database::statements::{Row, Session, all, execute, text, to_json};
use crate::error::StorageError;
use domain::people::{Consent, ConsentSource};
use domain::value::{PersonConsentId, PersonId, WorkspaceId};

const TABLE: &str = "people_consents";

/// Adds some.
pub async fn add_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    consents: &[Consent],
) -> Result<(), StorageError> {
    if consents.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 8]> = consents
        .iter()
        .map(|consent| {
            [
                crate::ids::new::<PersonConsentId>(consent.at).to_string(),
                consent.person.to_string(),
                consent.at.microseconds().to_string(),
                if consent.is_given { "1" } else { "0" }.to_owned(),
                consent.source.name().to_owned(),
                consent.source_id.clone(),
                consent.wording.clone(),
                consent.version.to_string(),
            ]
        })
        .collect();
    let sql = format!(
        "INSERT INTO people_consents (workspace_id, consent_id, person_id, at, is_given, source, source_id, wording,
            version)
        SELECT $1, value ->> 0, value ->> 1, CAST(value ->> 2 AS BIGINT), value ->> 3 = '1', value ->> 4,
            value ->> 5, value ->> 6, CAST(value ->> 7 AS BIGINT)
        FROM {} WHERE true",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), to_json(&rows)?]).await.map(drop)
}

/// A person's, the latest first.
pub async fn of_person(
    on: &impl Session,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Consent>, StorageError> {
    let sql = "SELECT * FROM people_consents WHERE workspace_id = $1 AND person_id = $2
        ORDER BY consent_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(person), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Consent, StorageError> {
    Ok(Consent {
        person: row.parse(TABLE, "person_id")?,
        at: row.time("at")?,
        is_given: row.get("is_given")?,
        source: row.word(TABLE, "source", ConsentSource::parse)?,
        source_id: row.get("source_id")?,
        wording: row.get("wording")?,
        version: u32::try_from(row.get::<i64>("version")?).unwrap_or(0),
    })
}
