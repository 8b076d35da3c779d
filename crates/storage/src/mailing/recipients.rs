//! Recipients of mailings, as people look at them.

use crate::database::statements::{Row, Session, all, one, text};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use domain::list::{Direction, Position};
use domain::mailing::{BounceKind, RecipientState};
use domain::value::{MailingId, MailingRecipientId, PersonId, Timestamp, WorkspaceId};

const TABLE: &str = "mailing_recipients";

/// Somebody who gets a mailing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Its ID, which is in the mail's `Message-ID`.
    pub id: MailingRecipientId,
    /// The person.
    pub person: PersonId,
    /// The key of the address.
    pub email_key: String,
    /// How it stands.
    pub state: RecipientState,
    /// Why it is not sent; empty otherwise.
    pub reason: String,
    /// What the server said last.
    pub answer: String,
    /// What came back.
    pub bounce: Option<BounceKind>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, if it waits.
    pub due_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
}

/// A recipient.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    mailing: MailingId,
    id: MailingRecipientId,
) -> Result<Option<Recipient>, StorageError> {
    let sql =
        "SELECT * FROM mailing_recipients WHERE workspace_id = $1 AND mailing_id = $2 AND recipient_id = $3";
    one(on, sql, vec![text(workspace), text(mailing), text(id)]).await?.as_ref().map(read).transpose()
}

/// How many recipients stand how.
pub async fn count_by_state(
    on: &impl Session,
    workspace: WorkspaceId,
    mailing: MailingId,
) -> Result<Vec<(RecipientState, u64)>, StorageError> {
    let sql = "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM mailing_recipients
        WHERE workspace_id = $1 AND mailing_id = $2 GROUP BY state";
    let rows = all(on, sql, vec![text(workspace), text(mailing)]).await?;
    rows.iter()
        .map(|row| {
            Ok((row.word(TABLE, "state", RecipientState::parse)?, row.get::<i64>("n")?.unsigned_abs()))
        })
        .collect()
}

/// A page of a mailing's recipients, in one state or all, with a part of the address.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    mailing: MailingId,
    (state, search): (Option<RecipientState>, &str),
    position: &Position,
    limit: u32,
) -> Result<Page<Recipient>, StorageError> {
    let mut conditions = Conditions::of(workspace);
    conditions.and("mailing_id = ?", [text(mailing)]);
    if let Some(state) = state {
        conditions.and("state = ?", [text(state.name())]);
    }
    if !search.is_empty() {
        conditions.and("email_key LIKE ? ESCAPE '!'", [contains(search)]);
    }
    let (sort, direction) = (Sort::Text("email_key"), Direction::Ascending);
    let select = Select { table: TABLE, id: "recipient_id", sort, direction };
    select.page(on, &conditions, position, limit, read).await
}

fn read(row: &Row) -> Result<Recipient, StorageError> {
    let bounce: String = row.get("bounce")?;
    Ok(Recipient {
        id: row.parse(TABLE, "recipient_id")?,
        person: row.parse(TABLE, "person_id")?,
        email_key: row.get("email_key")?,
        state: row.word(TABLE, "state", RecipientState::parse)?,
        reason: row.get("reason")?,
        answer: row.get("answer")?,
        bounce: BounceKind::parse(&bounce),
        attempts: row.get("attempts")?,
        due_at: row.time("due_at")?,
        updated_at: row.time("updated_at")?,
    })
}
