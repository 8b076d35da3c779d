//! Outgoing messages: stored with their event, sent by the worker that claims them (N1).

use crate::database::statements::{Row, Session, all, dialect, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::queue::lease;
use crate::workspace::{accounts, workspaces};
use domain::notification::{
    Channel, GROUP_SECONDS, GROUP_WAIT_SECONDS, Notice, NotificationDelivery, NotificationEvent,
    NotificationSettings, NotificationState,
};
use domain::value::{EmailAddress, Language, OutgoingMessageId, Step, Timestamp, WorkspaceId};
use std::time::Duration;

const TABLE: &str = "outgoing_messages";
/// Minutes that messages are remembered after they were sent or given up: thirty days.
const KEPT_MINUTES: i64 = 30 * 24 * 60;

/// The right to send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutgoingClaim {
    /// Whose message.
    pub workspace: WorkspaceId,
    /// Which message.
    pub id: OutgoingMessageId,
    /// The number that must still be the message's when its outcome is saved.
    pub fence: i64,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The channel has taken it.
    Sent,
    /// It is tried again then.
    Again(Timestamp),
    /// It is not retried.
    GivenUp,
    /// Its channel is off, or never was set up.
    Skipped,
}

/// Leaves an event's message for every channel that is on for it, in the transaction of what happened.
pub(crate) async fn enqueue(
    on: &impl Session,
    workspace: WorkspaceId,
    event: NotificationEvent,
    notice: &Notice,
    settings: &NotificationSettings,
    now: Timestamp,
) -> Result<(), StorageError> {
    if settings.sends(Channel::Slack, event) {
        let language = language(on, workspace, settings).await?;
        add_to_group(on, workspace, (Channel::Slack, "", language), notice, now).await?;
    }
    if settings.sends(Channel::Email, event) {
        for (address, language) in recipients(on, workspace, settings).await? {
            add_to_group(on, workspace, (Channel::Email, address.as_str(), language), notice, now).await?;
        }
    }
    Ok(())
}

/// Who gets mails, each with their language; the owners and admins if no address is set.
pub async fn recipients(
    on: &impl Session,
    workspace: WorkspaceId,
    settings: &NotificationSettings,
) -> Result<Vec<(EmailAddress, Language)>, StorageError> {
    let people = accounts::list(on, workspace).await?;
    let mut found: Vec<(EmailAddress, Language)> = if settings.email.addresses.is_empty() {
        let admins = people.into_iter().filter(|account| account.role.may_configure());
        admins.map(|account| (account.email, account.language)).collect()
    } else {
        let otherwise = language(on, workspace, settings).await?;
        let own = |address: &EmailAddress| {
            people.iter().find(|one| one.email.key() == address.key()).map(|account| account.language)
        };
        let addresses = settings.email.addresses.iter();
        addresses.map(|address| (address.clone(), own(address).unwrap_or(otherwise))).collect()
    };
    // Always in one order, so that two transactions that leave messages can't wait for each other.
    found.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    Ok(found)
}

/// The language of Slack, and of people without an account.
pub async fn language(
    on: &impl Session,
    workspace: WorkspaceId,
    settings: &NotificationSettings,
) -> Result<Language, StorageError> {
    if let Some(language) = settings.language {
        return Ok(language);
    }
    Ok(workspaces::find(on, workspace).await?.map(|found| found.language).unwrap_or_default())
}

/// Adds to the message of the same cause that still waits, or makes one that waits for others like it.
async fn add_to_group(
    on: &impl Session,
    workspace: WorkspaceId,
    (channel, recipient, language): (Channel, &str, Language),
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id: OutgoingMessageId = crate::ids::new(now);
    let group = notice.cause.as_ref().map(|cause| format!("{}:{cause}", notice.kind.name()));
    let due_at = match &group {
        Some(group) => {
            let sql = "SELECT MAX(happened_at) AS at FROM outgoing_messages
                WHERE workspace_id = $1 AND channel = $2 AND recipient = $3 AND group_key = $4";
            let values = vec![text(workspace), text(channel.name()), text(recipient), text(group)];
            let last = one(on, sql, values).await?.map_or(Ok(None), |row| row.optional_time("at"))?;
            let next = last.map(|last| last.plus_seconds(GROUP_SECONDS));
            next.unwrap_or(now).max(now.plus_seconds(GROUP_WAIT_SECONDS))
        }
        None => now,
    };
    let sql = "INSERT INTO outgoing_messages
        (workspace_id, outgoing_message_id, channel, recipient, language, group_key, notice, repeats, happened_at,
         state, attempts, due_at, answer, claimed_by, fence, lease_until, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, 'waiting', 0, $9, NULL, '', 0, 0, $8)
        ON CONFLICT (workspace_id, channel, recipient, group_key) WHERE state = 'waiting'
        DO UPDATE SET repeats = outgoing_messages.repeats + 1, updated_at = excluded.updated_at";
    let values = vec![
        text(workspace),
        text(id),
        text(channel.name()),
        text(recipient),
        text(language.tag()),
        // What has no group has one of its own.
        group.map_or_else(|| text(id), text),
        to_json(notice)?,
        time(now),
        time(due_at),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Whether a message is to be sent now, or was left by a worker that is gone.
pub async fn any_due(on: &impl Session, now: Timestamp) -> Result<bool, StorageError> {
    let sql = format!(
        "SELECT 1 AS n FROM outgoing_messages
        WHERE (state IN ('waiting', 'retrying') AND due_at <= $1) OR (state = 'sending' AND {}) LIMIT 1",
        lease::is_over(dialect(on))
    );
    Ok(one(on, &sql, vec![time(now)]).await?.is_some())
}

/// Claims messages that are due or were left; a claim counts as a try.
pub async fn claim(
    on: &crate::Write,
    worker: &str,
    now: Timestamp,
    lease: Duration,
    limit: u32,
) -> Result<Vec<(OutgoingClaim, NotificationDelivery)>, StorageError> {
    let sql = format!(
        "UPDATE outgoing_messages SET state = 'sending', claimed_by = $1, fence = fence + 1, lease_until = {},
            attempts = attempts + 1, updated_at = $3
        WHERE (workspace_id, outgoing_message_id) IN (
            SELECT workspace_id, outgoing_message_id FROM outgoing_messages
            WHERE (state IN ('waiting', 'retrying') AND due_at <= $3) OR (state = 'sending' AND {})
            ORDER BY due_at LIMIT $4{}
        ) RETURNING *",
        lease::until(on.dialect, "$2"),
        lease::is_over(on.dialect),
        on.dialect.skip_locked()
    );
    let values = vec![text(worker), lease::length(lease), time(now), i64::from(limit).into()];
    let rows = all(on, &sql, values).await?;
    rows.iter()
        .map(|row| {
            let delivery = read(row)?;
            let workspace = row.parse(TABLE, "workspace_id")?;
            Ok((OutgoingClaim { workspace, id: delivery.id, fence: row.get("fence")? }, delivery))
        })
        .collect()
}

/// Keeps what became of a try; nothing happens when someone else has claimed the message since.
pub async fn save_result(
    on: &crate::Write,
    claim: OutgoingClaim,
    outcome: &SendResult,
    answer: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let (state, due_at) = match outcome {
        SendResult::Sent => (NotificationState::Sent, now),
        SendResult::Again(at) => (NotificationState::Retrying, *at),
        SendResult::GivenUp => (NotificationState::GivenUp, now),
        SendResult::Skipped => (NotificationState::Skipped, now),
    };
    let sql =
        "UPDATE outgoing_messages SET state = $4, due_at = $5, answer = $6, lease_until = 0, updated_at = $7
        WHERE workspace_id = $1 AND outgoing_message_id = $2 AND fence = $3 AND state = 'sending'";
    let values = vec![
        text(claim.workspace),
        text(claim.id),
        claim.fence.into(),
        text(state.name()),
        time(due_at),
        to_json(answer)?,
        time(now),
    ];
    execute(on, sql, values).await?;
    let sql = "DELETE FROM outgoing_messages
        WHERE workspace_id = $1 AND state IN ('sent', 'given_up', 'skipped') AND updated_at < $2";
    execute(on, sql, vec![text(claim.workspace), time(now.plus_minutes(-KEPT_MINUTES))]).await.map(drop)
}

/// The latest messages, the newest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<NotificationDelivery>, StorageError> {
    let sql =
        "SELECT * FROM outgoing_messages WHERE workspace_id = $1 ORDER BY outgoing_message_id DESC LIMIT $2";
    let rows = all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<NotificationDelivery, StorageError> {
    Ok(NotificationDelivery {
        id: row.parse(TABLE, "outgoing_message_id")?,
        channel: row.word(TABLE, "channel", Channel::parse)?,
        recipient: row.get("recipient")?,
        language: row.word(TABLE, "language", Language::from_tag)?,
        notice: row.json(TABLE, "notice")?,
        count: row.get("repeats")?,
        happened_at: row.time("happened_at")?,
        state: row.word(TABLE, "state", NotificationState::parse)?,
        attempts: row.get("attempts")?,
        due_at: row.time("due_at")?,
        answer: row.optional_json(TABLE, "answer")?,
    })
}
