//! People who were taken out, and records that must not bring them back.

use crate::database::statements::{Session, all, execute, text, time};
use crate::error::StorageError;
use crate::people::person::names;
use crate::secret::token_hash;
use crate::segment::values as segment_values;
use domain::value::{PersonId, Timestamp, WorkspaceId};
use std::collections::BTreeSet;

/// Tables with what is known of a person, by its ID.
const OF_PERSON: [&str; 6] =
    ["people_links", "people_conflicts", "people_errors", "people_changes", "people_consents", "people"];

/// Takes a person out with everything that is known of it; `false` if there is none. Records of the org stay as they are.
pub async fn delete(
    on: &crate::Write,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<bool, StorageError> {
    segment_values::remove(on, workspace, person).await?;
    let mut deleted = 0;
    for table in OF_PERSON {
        let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND person_id = $2");
        deleted = execute(on, &sql, vec![text(workspace), text(person)]).await?;
    }
    Ok(deleted == 1)
}

/// Keeps an address from coming back by the sync. Only its hash is kept.
pub async fn block(
    on: &crate::Write,
    workspace: WorkspaceId,
    email_key: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO people_erasures (workspace_id, key_hash, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    execute(on, sql, vec![text(workspace), text(hash(workspace, email_key)), time(now)]).await.map(drop)
}

/// Lets an address come back: the person itself has turned up again.
pub async fn unblock(on: &crate::Write, workspace: WorkspaceId, email_key: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM people_erasures WHERE workspace_id = $1 AND key_hash = $2";
    execute(on, sql, vec![text(workspace), text(hash(workspace, email_key))]).await.map(drop)
}

/// Those of some addresses that must not come back.
pub async fn blocked(
    on: &impl Session,
    workspace: WorkspaceId,
    email_keys: &BTreeSet<String>,
) -> Result<BTreeSet<String>, StorageError> {
    if email_keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let hashes: Vec<String> = email_keys.iter().map(|key| hash(workspace, key)).collect();
    let sql = format!(
        "SELECT key_hash FROM people_erasures WHERE workspace_id = $1 AND key_hash IN (SELECT value ->> 0 FROM {})",
        crate::database::statements::dialect(on).json_rows("$2")
    );
    let rows = all(on, &sql, vec![text(workspace), names(&hashes)?]).await?;
    let found: BTreeSet<String> = rows.iter().map(|row| row.get("key_hash")).collect::<Result<_, _>>()?;
    Ok(email_keys.iter().filter(|key| found.contains(&hash(workspace, key))).cloned().collect())
}

fn hash(workspace: WorkspaceId, email_key: &str) -> String {
    token_hash::of_token(&format!("{workspace}:{email_key}"))
}
