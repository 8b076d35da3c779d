//! What came of mails: at once, by the server's answer, or later, by a report.

use crate::database::statements::{execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::mailing::queue::MailingClaim;
use crate::mailing::suppressions;
use domain::mailing::{BounceKind, Health, RecipientState};
use domain::value::{MailingId, MailingRecipientId, Timestamp, WorkspaceId};

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendResult {
    /// The recipient.
    pub id: MailingRecipientId,
    /// The key of the address.
    pub email_key: String,
    /// How it stands now.
    pub state: RecipientState,
    /// What the server said.
    pub answer: String,
    /// It counts as come back.
    pub bounce: Option<BounceKind>,
    /// The try is not counted: nothing was handed over.
    pub is_uncounted: bool,
    /// When it is tried again.
    pub due_at: Timestamp,
}

/// Keeps what came of tries, all in one statement; those of a worker that has lost the mailing change nothing, as
/// [`super::queue::renew`] fails before.
pub async fn save(
    on: &crate::Write,
    claim: MailingClaim,
    results: &[SendResult],
    now: Timestamp,
) -> Result<(), StorageError> {
    if results.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 6]> = results
        .iter()
        .map(|one| {
            [
                one.id.to_string(),
                one.state.name().to_owned(),
                one.answer.clone(),
                one.bounce.map_or("", BounceKind::name).to_owned(),
                one.due_at.microseconds().to_string(),
                i64::from(one.is_uncounted).to_string(),
            ]
        })
        .collect();
    let sql = format!(
        "UPDATE mailing_recipients SET state = done.state, answer = done.answer, bounce = done.bounce,
            due_at = done.due_at, attempts = attempts - done.uncounted, updated_at = $3
        FROM (SELECT value ->> 0 AS id, value ->> 1 AS state, value ->> 2 AS answer, value ->> 3 AS bounce,
            CAST(value ->> 4 AS BIGINT) AS due_at, CAST(value ->> 5 AS BIGINT) AS uncounted FROM {}) AS done
        WHERE workspace_id = $1 AND mailing_id = $2 AND recipient_id = done.id
            AND mailing_recipients.state = 'sending'",
        on.dialect.json_rows("$4")
    );
    let values = vec![text(claim.workspace), text(claim.mailing), time(now), to_json(&rows)?];
    execute(on, &sql, values).await?;
    let is_tried = |one: &&SendResult| {
        matches!(one.state, RecipientState::Sent | RecipientState::Failed | RecipientState::Unknown)
    };
    let added = Health {
        tried: results.iter().filter(is_tried).count() as u64,
        bounced: results.iter().filter(|one| one.state == RecipientState::Failed).count() as u64,
        complained: 0,
    };
    count(on, claim.workspace, claim.mailing, added).await?;
    for one in results {
        if let Some(kind) = one.bounce {
            let status: String = one.answer.chars().take(60).collect();
            suppressions::note_bounce(on, claim.workspace, (one.id, &one.email_key), (kind, &status), now)
                .await?;
        }
    }
    Ok(())
}

/// Keeps a report about a recipient; `false` if there is no such recipient, or it was reported before.
pub async fn report(
    on: &crate::Write,
    workspace: WorkspaceId,
    (mailing, recipient): (MailingId, MailingRecipientId),
    (kind, status): (BounceKind, &str),
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql = "SELECT email_key, state FROM mailing_recipients
        WHERE workspace_id = $1 AND mailing_id = $2 AND recipient_id = $3";
    let row = one(on, sql, vec![text(workspace), text(mailing), text(recipient)]).await?;
    let Some(row) = row else { return Ok(false) };
    let key: String = row.get("email_key")?;
    if !suppressions::note_bounce(on, workspace, (recipient, &key), (kind, status), now).await? {
        return Ok(false);
    }
    // A report about a mail whose answer was lost says that the server had taken it.
    let sql = "UPDATE mailing_recipients SET bounce = $4, updated_at = $5,
            state = CASE WHEN state = 'unknown' THEN 'sent' ELSE state END
        WHERE workspace_id = $1 AND mailing_id = $2 AND recipient_id = $3";
    let values = vec![text(workspace), text(mailing), text(recipient), text(kind.name()), time(now)];
    execute(on, sql, values).await?;
    let is_complaint = kind == BounceKind::Complaint;
    let added = Health { tried: 0, bounced: u64::from(!is_complaint), complained: u64::from(is_complaint) };
    count(on, workspace, mailing, added).await?;
    Ok(true)
}

async fn count(
    on: &crate::Write,
    workspace: WorkspaceId,
    mailing: MailingId,
    added: Health,
) -> Result<(), StorageError> {
    let sql = "UPDATE mailings SET tried = tried + $3, bounced = bounced + $4, complained = complained + $5
        WHERE workspace_id = $1 AND mailing_id = $2";
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX).into();
    let values = vec![
        text(workspace),
        text(mailing),
        number(added.tried),
        number(added.bounced),
        number(added.complained),
    ];
    execute(on, sql, values).await.map(drop)
}
