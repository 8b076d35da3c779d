//! What a visitor has typed and not sent yet: it waits behind the confirm page (確認画面), encrypted.

use crate::database::statements::{Session, execute, one, text, time};
use crate::error::StorageError;
use crate::secret::token_hash;
use crate::secret::vault::Vault;
use domain::value::{FormId, Timestamp, WorkspaceId};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A draft lives a day: a visitor may come back in the evening.
const KEPT_MINUTES: i64 = 24 * 60;

/// Keeps a draft under a visitor's secret, in place of what was kept there.
pub async fn save(
    on: &crate::Write,
    vault: &Vault,
    workspace: WorkspaceId,
    (form, secret): (FormId, &str),
    draft: &impl Serialize,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id = token_hash::of_token(secret);
    let json = serde_json::to_string(draft).map_err(|error| inconsistent(&error))?;
    execute(on, "DELETE FROM form_drafts WHERE created_at < $1", vec![time(now.plus_minutes(-KEPT_MINUTES))])
        .await?;
    let sql = "INSERT INTO form_drafts (workspace_id, form_draft_id, form_id, secrets, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace_id, form_draft_id) DO UPDATE SET secrets = excluded.secrets, created_at = excluded.created_at";
    let values =
        vec![text(workspace), text(&id), text(form), text(vault.seal(&place(workspace), &json)?), time(now)];
    execute(on, sql, values).await.map(drop)
}

/// The draft of a form under a visitor's secret.
pub async fn find<D: DeserializeOwned>(
    on: &impl Session,
    vault: &Vault,
    workspace: WorkspaceId,
    (form, secret): (FormId, &str),
    now: Timestamp,
) -> Result<Option<D>, StorageError> {
    let sql = "SELECT secrets FROM form_drafts
        WHERE workspace_id = $1 AND form_draft_id = $2 AND form_id = $3 AND created_at >= $4";
    let values = vec![
        text(workspace),
        text(token_hash::of_token(secret)),
        text(form),
        time(now.plus_minutes(-KEPT_MINUTES)),
    ];
    let Some(row) = one(on, sql, values).await? else { return Ok(None) };
    let sealed: String = row.get("secrets")?;
    let opened = vault.open(&place(workspace), &sealed)?;
    serde_json::from_str(opened.expose_secret()).map(Some).map_err(|error| inconsistent(&error))
}

fn place(workspace: WorkspaceId) -> String {
    format!("form_drafts/{workspace}/draft")
}

fn inconsistent(error: &serde_json::Error) -> StorageError {
    StorageError::Inconsistent { table: "form_drafts", column: "secrets", reason: error.to_string() }
}

/// Forgets a draft: it was sent.
pub async fn forget(on: &crate::Write, workspace: WorkspaceId, secret: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM form_drafts WHERE workspace_id = $1 AND form_draft_id = $2";
    execute(on, sql, vec![text(workspace), text(token_hash::of_token(secret))]).await.map(drop)
}
