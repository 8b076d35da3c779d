//! Who works on a mailing, who gets it, and whose turn is next.

use crate::database::statements::{Session, all, dialect, execute, one, text, time};
use crate::error::StorageError;
use crate::mailing::mailings;
use crate::mailing::mailings::{Mailing, TABLE};
use crate::people::person::names;
use crate::queue::lease;
use domain::mailing::{Health, MailingState, RecipientState, SkipReason};
use domain::value::{MailingId, MailingRecipientId, PersonId, Timestamp, WorkspaceId};
use std::time::Duration;

/// The right to work on a mailing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailingClaim {
    /// Whose mailing.
    pub workspace: WorkspaceId,
    /// Which mailing.
    pub mailing: MailingId,
    /// The number that must still be the mailing's when something is saved.
    pub fence: i64,
}

/// A recipient whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextRecipient {
    /// The recipient.
    pub id: MailingRecipientId,
    /// The person.
    pub person: PersonId,
    /// The key of the address.
    pub email_key: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// Whether there is something to do for a mailing that nobody works on.
pub async fn any_due(on: &impl Session, now: Timestamp) -> Result<bool, StorageError> {
    let sql = format!(
        "SELECT 1 AS n FROM mailings WHERE (state = 'scheduled' OR state = 'sending') AND due_at <= $1 AND {} LIMIT 1",
        lease::is_over(dialect(on))
    );
    Ok(one(on, &sql, vec![time(now)]).await?.is_some())
}

/// Claims mailings. What a worker that is gone was just sending is unknown from then on: it may have been taken.
pub async fn claim(
    on: &crate::Write,
    worker: &str,
    now: Timestamp,
    length: Duration,
    limit: u32,
) -> Result<Vec<(MailingClaim, Mailing)>, StorageError> {
    let sql = format!(
        "UPDATE mailings SET state = 'sending', claimed_by = $1, fence = fence + 1, lease_until = {},
            started_at = CASE WHEN started_at = 0 THEN $3 ELSE started_at END
        WHERE (workspace_id, mailing_id) IN (
            SELECT workspace_id, mailing_id FROM mailings
            WHERE (state = 'scheduled' OR state = 'sending') AND due_at <= $3 AND {}
            ORDER BY due_at LIMIT $4{}
        ) RETURNING *",
        lease::until(on.dialect, "$2"),
        lease::is_over(on.dialect),
        on.dialect.skip_locked()
    );
    let values = vec![text(worker), lease::length(length), time(now), i64::from(limit).into()];
    let rows = all(on, &sql, values).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in &rows {
        let mailing = mailings::read(row)?;
        let workspace = row.parse(TABLE, "workspace_id")?;
        let claim = MailingClaim { workspace, mailing: mailing.id, fence: row.get("fence")? };
        let sql = "UPDATE mailing_recipients SET state = 'unknown', updated_at = $3
            WHERE workspace_id = $1 AND mailing_id = $2 AND state = 'sending'";
        execute(on, sql, vec![text(workspace), text(mailing.id), time(now)]).await?;
        claimed.push((claim, mailing));
    }
    Ok(claimed)
}

/// How a claimed mailing stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedState {
    /// Its state, which people may have changed.
    pub state: MailingState,
    /// What came of it so far.
    pub health: Health,
    /// How it stood when somebody last let it go on.
    pub resumed_with: Health,
}

/// Extends the lease, within the transaction of what is saved under it.
///
/// # Errors
/// [`StorageError::LeaseLost`] if someone else works on the mailing now.
pub async fn renew(
    on: &crate::Write,
    claim: MailingClaim,
    length: Duration,
) -> Result<ClaimedState, StorageError> {
    let sql = format!(
        "UPDATE mailings SET lease_until = {} WHERE workspace_id = $1 AND mailing_id = $2 AND fence = $3
        RETURNING state, tried, bounced, complained, resumed_with",
        lease::until(on.dialect, "$4")
    );
    let values = vec![text(claim.workspace), text(claim.mailing), claim.fence.into(), lease::length(length)];
    let row = one(on, &sql, values).await?.ok_or(StorageError::LeaseLost)?;
    Ok(ClaimedState {
        state: row.word(TABLE, "state", MailingState::parse)?,
        health: mailings::health(&row)?,
        resumed_with: mailings::resumed_with(&row)?,
    })
}

/// Lets go of a mailing; it is looked at again then.
pub async fn release(on: &crate::Write, claim: MailingClaim, due_at: Timestamp) -> Result<(), StorageError> {
    let sql = "UPDATE mailings SET lease_until = 0, due_at = $4 WHERE workspace_id = $1 AND mailing_id = $2 AND fence = $3";
    let values = vec![text(claim.workspace), text(claim.mailing), claim.fence.into(), time(due_at)];
    execute(on, sql, values).await.map(drop)
}

/// Recipients whose turn it is.
pub async fn next(
    on: &impl Session,
    claim: MailingClaim,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<NextRecipient>, StorageError> {
    let mut found = Vec::new();
    for state in [RecipientState::Deferred, RecipientState::Queued] {
        let left = i64::from(limit) - i64::try_from(found.len()).unwrap_or(0);
        let sql = "SELECT recipient_id, person_id, email_key, attempts FROM mailing_recipients
            WHERE workspace_id = $1 AND mailing_id = $2 AND state = $3 AND due_at <= $4 ORDER BY due_at LIMIT $5";
        let values =
            vec![text(claim.workspace), text(claim.mailing), text(state.name()), time(now), left.into()];
        for row in all(on, sql, values).await? {
            found.push(NextRecipient {
                id: row.parse("mailing_recipients", "recipient_id")?,
                person: row.parse("mailing_recipients", "person_id")?,
                email_key: row.get("email_key")?,
                attempts: row.get::<i64>("attempts")? + 1,
            });
        }
    }
    Ok(found)
}

/// Says that mails are being sent, before anything of them is handed over.
pub async fn begin(
    on: &crate::Write,
    claim: MailingClaim,
    ids: &[MailingRecipientId],
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE mailing_recipients SET state = 'sending', attempts = attempts + 1, updated_at = $3
        WHERE workspace_id = $1 AND mailing_id = $2 AND state IN ('queued', 'deferred')
            AND recipient_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$4")
    );
    let values = vec![text(claim.workspace), text(claim.mailing), time(now), names(ids)?];
    execute(on, &sql, values).await.map(drop)
}

/// Says that mails are not sent, and why.
pub async fn skip(
    on: &crate::Write,
    claim: MailingClaim,
    skipped: &[(MailingRecipientId, SkipReason)],
    now: Timestamp,
) -> Result<(), StorageError> {
    for reason in SkipReason::ALL {
        let ids: Vec<_> = skipped.iter().filter(|(_, why)| *why == reason).map(|(id, _)| *id).collect();
        if ids.is_empty() {
            continue;
        }
        let sql = format!(
            "UPDATE mailing_recipients SET state = 'suppressed', reason = $5, updated_at = $3
            WHERE workspace_id = $1 AND mailing_id = $2 AND state IN ('queued', 'deferred')
                AND recipient_id IN (SELECT value ->> 0 FROM {})",
            on.dialect.json_rows("$4")
        );
        let values =
            vec![text(claim.workspace), text(claim.mailing), time(now), names(&ids)?, text(reason.name())];
        execute(on, &sql, values).await?;
    }
    Ok(())
}

/// Lets recipients wait for their domain's turn.
pub async fn put_back(
    on: &crate::Write,
    claim: MailingClaim,
    ids: &[MailingRecipientId],
    due_at: Timestamp,
) -> Result<(), StorageError> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE mailing_recipients SET due_at = $3
        WHERE workspace_id = $1 AND mailing_id = $2 AND state IN ('queued', 'deferred')
            AND recipient_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$4")
    );
    let values = vec![text(claim.workspace), text(claim.mailing), time(due_at), names(ids)?];
    execute(on, &sql, values).await.map(drop)
}

/// When the next recipient's turn is; `None` if nobody waits.
pub async fn next_due(on: &impl Session, claim: MailingClaim) -> Result<Option<Timestamp>, StorageError> {
    let sql = "SELECT MIN(due_at) AS at FROM mailing_recipients
        WHERE workspace_id = $1 AND mailing_id = $2 AND state IN ('queued', 'deferred')";
    let row = one(on, sql, vec![text(claim.workspace), text(claim.mailing)]).await?;
    row.map_or(Ok(None), |row| row.optional_time("at"))
}

/// Ends a mailing of which nothing is left to be sent. Nothing is in flight any more: what still is being sent got lost.
pub async fn finish(on: &crate::Write, claim: MailingClaim, now: Timestamp) -> Result<(), StorageError> {
    let sql = "UPDATE mailing_recipients SET state = 'unknown', updated_at = $3
        WHERE workspace_id = $1 AND mailing_id = $2 AND state = 'sending'
            AND EXISTS (SELECT 1 FROM mailings WHERE workspace_id = $1 AND mailing_id = $2 AND fence = $4)";
    let values = vec![text(claim.workspace), text(claim.mailing), time(now), claim.fence.into()];
    execute(on, sql, values).await?;
    let sql = "UPDATE mailings SET state = 'finished', finished_at = $4, lease_until = 0, updated_at = $4
        WHERE workspace_id = $1 AND mailing_id = $2 AND fence = $3 AND state = 'sending' AND is_frozen";
    let values = vec![text(claim.workspace), text(claim.mailing), claim.fence.into(), time(now)];
    execute(on, sql, values).await.map(drop)
}
