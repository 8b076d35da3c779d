//! Mailings: what they say, and how they stand.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::mailing::{ComposedMailing, Health, MailingContent, MailingState, PauseReason};
use domain::value::{MailingId, Timestamp, WorkspaceId};

pub(super) const TABLE: &str = "mailings";

/// A mailing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailing {
    /// Its ID.
    pub id: MailingId,
    /// How it stands.
    pub state: MailingState,
    /// What it says.
    pub content: MailingContent,
    /// What is sent of it; `None` before it was started.
    pub composed: Option<ComposedMailing>,
    /// Grows with every change by people.
    pub version: i64,
    /// When it begins, or when there is something to do of it next.
    pub due_at: Timestamp,
    /// Everybody who gets it is known.
    pub is_frozen: bool,
    /// Why it stands still.
    pub pause_reason: Option<PauseReason>,
    /// What came of it so far.
    pub health: Health,
    /// When somebody started it, or it began by its schedule.
    pub started_at: Option<Timestamp>,
    /// When nothing was left of it.
    pub finished_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
}

/// Adds a draft.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: MailingId,
    content: &MailingContent,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO mailings (workspace_id, mailing_id, state, content, composed, version, due_at, frozen_after,
            is_frozen, pause_reason, tried, bounced, complained, resumed_with, claimed_by, fence, lease_until, started_at,
            finished_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, '', 1, 0, '', $5, '', 0, 0, 0, '', '', 0, 0, 0, 0, $6, $6)";
    let state = text(MailingState::Draft.name());
    let values = vec![text(workspace), text(id), state, to_json(content)?, false.into(), time(now)];
    execute(on, sql, values).await.map(drop)
}

/// Replaces what a draft says; `false` if it has changed since, or is no draft any more.
pub async fn save_content(
    on: &crate::Write,
    workspace: WorkspaceId,
    (id, seen): (MailingId, i64),
    content: &MailingContent,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql = "UPDATE mailings SET content = $4, version = version + 1, updated_at = $5
        WHERE workspace_id = $1 AND mailing_id = $2 AND version = $3 AND state = 'draft'";
    let values = vec![text(workspace), text(id), seen.into(), to_json(content)?, time(now)];
    Ok(execute(on, sql, values).await? == 1)
}

/// A mailing.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: MailingId,
) -> Result<Option<Mailing>, StorageError> {
    let sql = "SELECT * FROM mailings WHERE workspace_id = $1 AND mailing_id = $2";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// A mailing that is changed next; nobody else can change it before the transaction ends.
pub async fn find_to_change(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: MailingId,
) -> Result<Option<Mailing>, StorageError> {
    let sql = "UPDATE mailings SET version = version WHERE workspace_id = $1 AND mailing_id = $2 RETURNING *";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// The latest mailings, before an ID.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    before: Option<MailingId>,
    limit: u32,
) -> Result<Vec<Mailing>, StorageError> {
    let sql = "SELECT * FROM mailings WHERE workspace_id = $1 AND mailing_id < $2 ORDER BY mailing_id DESC LIMIT $3";
    let before = before.map_or_else(|| "g".to_owned(), |id| id.to_string());
    let rows = all(on, sql, vec![text(workspace), text(before), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// Starts a draft: it begins at `at`, with what was composed of it.
pub async fn start(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: MailingId,
    composed: &ComposedMailing,
    (state, at): (MailingState, Timestamp),
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql =
        "UPDATE mailings SET state = $3, composed = $4, due_at = $5, started_at = $6, version = version + 1,
            updated_at = $7
        WHERE workspace_id = $1 AND mailing_id = $2";
    let started = if state == MailingState::Sending { now } else { Timestamp::from_seconds(0) };
    let values = vec![
        text(workspace),
        text(id),
        text(state.name()),
        to_json(composed)?,
        time(at),
        time(started),
        time(now),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Holds a mailing, lets it go on, or breaks it off. What is being sent at this moment is sent to its end.
pub async fn set_state(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: MailingId,
    (state, reason): (MailingState, Option<PauseReason>),
    now: Timestamp,
) -> Result<(), StorageError> {
    let finished = if state == MailingState::Canceled { now } else { Timestamp::from_seconds(0) };
    let sql = "UPDATE mailings SET state = $3, pause_reason = $4, finished_at = $5, version = version + 1, updated_at = $6
        WHERE workspace_id = $1 AND mailing_id = $2";
    let values = vec![
        text(workspace),
        text(id),
        text(state.name()),
        text(reason.map_or("", PauseReason::name)),
        time(finished),
        time(now),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Lets a mailing go on from how it stands: what came of it so far is not judged again.
pub async fn resume(
    on: &crate::Write,
    workspace: WorkspaceId,
    mailing: &Mailing,
    now: Timestamp,
) -> Result<(), StorageError> {
    let (state, due_at, started) = match mailing.started_at {
        Some(at) => (MailingState::Sending, now, at),
        // It was held before its time.
        None if mailing.due_at > now => (MailingState::Scheduled, mailing.due_at, Timestamp::from_seconds(0)),
        None => (MailingState::Sending, now, now),
    };
    let Health { tried, bounced, complained } = mailing.health;
    let sql =
        "UPDATE mailings SET state = $3, pause_reason = '', due_at = $4, started_at = $5, resumed_with = $6,
            version = version + 1, updated_at = $7
        WHERE workspace_id = $1 AND mailing_id = $2";
    let values = vec![
        text(workspace),
        text(mailing.id),
        text(state.name()),
        time(due_at),
        time(started),
        to_json(&[tried, bounced, complained])?,
        time(now),
    ];
    execute(on, sql, values).await.map(drop)
}

pub(super) fn read(row: &Row) -> Result<Mailing, StorageError> {
    let optional = |name: &str| row.time(name).map(|at| (at.microseconds() > 0).then_some(at));
    let composed: String = row.get("composed")?;
    let reason: String = row.get("pause_reason")?;
    Ok(Mailing {
        id: row.parse(TABLE, "mailing_id")?,
        state: row.word(TABLE, "state", MailingState::parse)?,
        content: row.json(TABLE, "content")?,
        composed: if composed.is_empty() { None } else { Some(row.json(TABLE, "composed")?) },
        version: row.get("version")?,
        due_at: row.time("due_at")?,
        is_frozen: row.get("is_frozen")?,
        pause_reason: PauseReason::parse(&reason),
        health: health(row)?,
        started_at: optional("started_at")?,
        finished_at: optional("finished_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

pub(super) fn health(row: &Row) -> Result<Health, StorageError> {
    Ok(Health {
        tried: row.get::<i64>("tried")?.unsigned_abs(),
        bounced: row.get::<i64>("bounced")?.unsigned_abs(),
        complained: row.get::<i64>("complained")?.unsigned_abs(),
    })
}

/// How a mailing stood when somebody last let it go on.
pub(super) fn resumed_with(row: &Row) -> Result<Health, StorageError> {
    let kept: String = row.get("resumed_with")?;
    if kept.is_empty() {
        return Ok(Health::default());
    }
    let [tried, bounced, complained]: [u64; 3] = row.json(TABLE, "resumed_with")?;
    Ok(Health { tried, bounced, complained })
}
