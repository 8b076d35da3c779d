//! What makes a submission that comes twice one: its form's token, its content, a program's idempotency key.

use crate::database::statements::{Session, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{SubmissionId, Timestamp, WorkspaceId};

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSubmission {
    /// The hash of the request that used it first.
    pub request_hash: String,
    /// The submission that it made.
    pub submission: SubmissionId,
}

/// Keys are forgotten so long after their first use: a day counts, and clocks differ.
const KEPT_MINUTES: i64 = 48 * 60;
/// A program's idempotency keys are kept longer.
const PROGRAMS: &str = "api:";

/// Takes a key for a submission, in the submission's own transaction; what used it since `since` goes before.
///
/// One statement: of two submissions at the same moment one waits for the other.
pub async fn claim(
    on: &crate::Write,
    workspace: WorkspaceId,
    key: &str,
    own: &KnownSubmission,
    since: Timestamp,
    now: Timestamp,
) -> Result<Option<KnownSubmission>, StorageError> {
    let sql = "INSERT INTO submission_keys (workspace_id, submission_key, request_hash, submission_id, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace_id, submission_key) DO UPDATE
        SET request_hash = excluded.request_hash, submission_id = excluded.submission_id, created_at = excluded.created_at
        WHERE submission_keys.created_at < $6";
    let values = vec![
        text(workspace),
        text(key),
        text(&own.request_hash),
        text(own.submission),
        time(now),
        time(since),
    ];
    if execute(on, sql, values).await? == 1 {
        return Ok(None);
    }
    find(on, workspace, key).await
}

/// What a key was used for.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    key: &str,
) -> Result<Option<KnownSubmission>, StorageError> {
    let sql = "SELECT request_hash, submission_id FROM submission_keys
        WHERE workspace_id = $1 AND submission_key = $2";
    let row = one(on, sql, vec![text(workspace), text(key)]).await?;
    row.map(|row| {
        Ok(KnownSubmission {
            request_hash: row.get("request_hash")?,
            submission: row.parse("submission_keys", "submission_id")?,
        })
    })
    .transpose()
}

/// Forgets keys that are too old to count.
pub async fn forget_old(
    on: &crate::Write,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = format!(
        "DELETE FROM submission_keys
        WHERE workspace_id = $1 AND created_at < $2 AND submission_key NOT LIKE '{PROGRAMS}%'"
    );
    execute(on, &sql, vec![text(workspace), time(now.plus_minutes(-KEPT_MINUTES))]).await.map(drop)
}

/// The key of a program's idempotency key.
pub fn of_program(idempotency_key: &str) -> String {
    format!("{PROGRAMS}{idempotency_key}")
}
