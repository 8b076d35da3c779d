//! Addresses that are left alone, by their hash, so that this outlives the person.

use crate::database::statements::{Session, all, dialect, execute, text, time};
use crate::error::StorageError;
use crate::people::person::names;
use crate::secret::token_hash;
use domain::mailing::{BounceKind, SuppressionReason, is_suppressed_after};
use domain::value::{MailingRecipientId, Timestamp, WorkspaceId};
use std::collections::BTreeMap;

const TABLE: &str = "suppressions";

/// The form in which an address is remembered. Two workspaces remember the same address differently.
fn hash(workspace: WorkspaceId, email_key: &str) -> String {
    token_hash::of_token(&format!("{workspace}:{email_key}"))
}

/// Leaves an address alone from now on.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    email_key: &str,
    reason: SuppressionReason,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO suppressions (workspace_id, email_hash, reason, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    let values = vec![text(workspace), text(hash(workspace, email_key)), text(reason.name()), time(now)];
    execute(on, sql, values).await.map(drop)
}

/// Takes back a reason for which an address was left alone.
pub async fn remove(
    on: &crate::Write,
    workspace: WorkspaceId,
    email_key: &str,
    reason: SuppressionReason,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM suppressions WHERE workspace_id = $1 AND email_hash = $2 AND reason = $3";
    let values = vec![text(workspace), text(hash(workspace, email_key)), text(reason.name())];
    execute(on, sql, values).await.map(drop)
}

/// Which of these addresses are left alone, and why.
pub async fn of_keys(
    on: &impl Session,
    workspace: WorkspaceId,
    email_keys: &[String],
) -> Result<BTreeMap<String, SuppressionReason>, StorageError> {
    let by_hash: BTreeMap<String, &String> =
        email_keys.iter().map(|key| (hash(workspace, key), key)).collect();
    let hashes: Vec<&String> = by_hash.keys().collect();
    let sql = format!(
        "SELECT email_hash, reason FROM suppressions WHERE workspace_id = $1
            AND email_hash IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    let mut found = BTreeMap::new();
    for row in all(on, &sql, vec![text(workspace), names(&hashes)?]).await? {
        let hash: String = row.get("email_hash")?;
        if let Some(key) = by_hash.get(&hash) {
            found.insert((*key).clone(), row.word(TABLE, "reason", SuppressionReason::parse)?);
        }
    }
    Ok(found)
}

/// Remembers that a mail came back, and leaves the address alone if that was enough; `false` if it was known.
pub(super) async fn note_bounce(
    on: &crate::Write,
    workspace: WorkspaceId,
    (recipient, email_key): (MailingRecipientId, &str),
    (kind, status): (BounceKind, &str),
    now: Timestamp,
) -> Result<bool, StorageError> {
    let hash = hash(workspace, email_key);
    let sql = "INSERT INTO mail_bounces (workspace_id, recipient_id, kind, email_hash, status, at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values =
        vec![text(workspace), text(recipient), text(kind.name()), text(&hash), text(status), time(now)];
    if execute(on, sql, values).await? == 0 {
        return Ok(false);
    }
    let sql = "SELECT kind, at FROM mail_bounces WHERE workspace_id = $1 AND email_hash = $2 ORDER BY at DESC LIMIT 100";
    let mut came_back = Vec::new();
    for row in all(on, sql, vec![text(workspace), text(&hash)]).await? {
        came_back.push((row.word("mail_bounces", "kind", BounceKind::parse)?, row.time("at")?));
    }
    if let Some(reason) = is_suppressed_after(&came_back, now) {
        add(on, workspace, email_key, reason, now).await?;
    }
    Ok(true)
}
