//! Deleting what is kept no longer: attempts after 30 days, unknown visitors after 13 months.

use crate::database::statements::{execute, text, time};
use crate::error::StorageError;
use domain::value::{Timestamp, WorkspaceId};

/// Days for which an attempt without success is kept.
const ATTEMPT_DAYS: i64 = 30;
/// Days for which a visitor who is not seen any more is kept.
const VISITOR_DAYS: i64 = 396;
/// Rows deleted in one statement, so that other writers get their turn.
const BATCH: i64 = 5_000;

const DAY: i64 = 24 * 60;

/// Deletes some rows; `true` while there may be more.
pub async fn delete_old(
    on: &crate::Write,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let attempts = now.plus_minutes(-ATTEMPT_DAYS * DAY);
    let visitors = now.plus_minutes(-VISITOR_DAYS * DAY);
    let steps = [
        (
            "DELETE FROM conversions WHERE workspace_id = $1 AND conversion_id IN (SELECT conversion_id FROM conversions
                WHERE workspace_id = $1 AND at < $2 AND grade IN ('unknown', 'attempt', 'failed') LIMIT $3)",
            attempts,
        ),
        (
            "DELETE FROM conversions WHERE workspace_id = $1 AND conversion_id IN (SELECT conversion_id FROM conversions
                WHERE workspace_id = $1 AND at < $2 AND quarantine <> '' LIMIT $3)",
            visitors,
        ),
        (
            "DELETE FROM visitors WHERE workspace_id = $1 AND visitor_hash IN (SELECT visitor_hash FROM visitors
                WHERE workspace_id = $1 AND last_seen_at < $2 LIMIT $3)",
            visitors,
        ),
        (
            "DELETE FROM visitor_addresses WHERE workspace_id = $1 AND visitor_hash IN (SELECT visitor_hash
                FROM visitor_addresses WHERE workspace_id = $1 AND typed_at < $2 LIMIT $3) AND typed_at < $2",
            visitors,
        ),
        (
            "DELETE FROM tag_offers WHERE workspace_id = $1 AND offer_id IN (SELECT offer_id FROM tag_offers
                WHERE workspace_id = $1 AND at < $2 LIMIT $3)",
            visitors,
        ),
        (
            "DELETE FROM tag_pages_seen WHERE workspace_id = $1 AND path IN (SELECT path FROM tag_pages_seen
                WHERE workspace_id = $1 AND last_seen_at < $2 LIMIT $3) AND last_seen_at < $2",
            visitors,
        ),
        (
            "DELETE FROM tag_forms_seen WHERE workspace_id = $1 AND form_key IN (SELECT form_key FROM tag_forms_seen
                WHERE workspace_id = $1 AND last_seen_at < $2 LIMIT $3)",
            visitors,
        ),
    ];
    let mut more = false;
    for (sql, before) in steps {
        let deleted = execute(on, sql, vec![text(workspace), time(before), BATCH.into()]).await?;
        more |= i64::try_from(deleted).unwrap_or(BATCH) >= BATCH;
    }
    Ok(more)
}
