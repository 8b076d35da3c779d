//! Dialogs that were offered to visitors, and what became of them.

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::tag::OfferSource;
use domain::value::{BookingId, OfferId, PageId, Timestamp, WorkspaceId};

const TABLE: &str = "tag_offers";

/// A dialog that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its ID.
    pub id: OfferId,
    /// When it was offered.
    pub at: Timestamp,
    /// Why.
    pub source: OfferSource,
    /// The place of the rule, from 0; 0 where there are no rules.
    pub rule: i64,
    /// The booking page; `None` for a text in its place.
    pub page: Option<PageId>,
    /// The hash of the visitor's ID; empty if there was none.
    pub visitor_hash: String,
    /// The visitor's address; empty if unknown.
    pub email_key: String,
    /// What became of it: `offered` when it opened, `closed`, `never`, `not_me`, `booked`; empty if nothing is known.
    pub outcome: String,
}

/// Keeps an offer; the same one again changes nothing.
pub async fn add(on: &crate::Write, workspace: WorkspaceId, offer: &Offer) -> Result<(), StorageError> {
    let sql = "INSERT INTO tag_offers (workspace_id, offer_id, at, source, rule_number, page_id, visitor_hash, email_key,
            outcome, outcome_at, booking_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, '')
        ON CONFLICT (workspace_id, offer_id) DO NOTHING";
    let values = vec![
        text(workspace),
        text(offer.id),
        time(offer.at),
        text(offer.source.name()),
        offer.rule.into(),
        text(offer.page.map(|page| page.to_string()).unwrap_or_default()),
        text(&offer.visitor_hash),
        text(&offer.email_key),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Says what became of an offer; what was booked stays so.
pub async fn set_outcome(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: OfferId,
    outcome: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE tag_offers SET outcome = $3, outcome_at = $4
        WHERE workspace_id = $1 AND offer_id = $2 AND booking_id = ''";
    execute(on, sql, vec![text(workspace), text(id), text(outcome), time(now)]).await.map(drop)
}

/// Says which booking came of an offer.
pub async fn set_booking(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: OfferId,
    booking: BookingId,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE tag_offers SET outcome = 'booked', outcome_at = $3, booking_id = $4
        WHERE workspace_id = $1 AND offer_id = $2";
    execute(on, sql, vec![text(workspace), text(id), time(now), text(booking)]).await.map(drop)
}

/// How many dialogs opened for a visitor since a moment, and whether one was sent away for good since another.
pub async fn shown_since(
    on: &impl Session,
    workspace: WorkspaceId,
    visitor_hash: &str,
    since: Timestamp,
    never_since: Timestamp,
) -> Result<(i64, bool), StorageError> {
    let sql = "SELECT CAST(COUNT(CASE WHEN at >= $3 AND outcome <> '' AND source <> 'form' THEN 1 END) AS BIGINT) AS shown,
            CAST(COUNT(CASE WHEN at >= $4 AND outcome = 'never' THEN 1 END) AS BIGINT) AS nevers
        FROM tag_offers WHERE workspace_id = $1 AND visitor_hash = $2 AND at >= $5";
    let earliest = since.min(never_since);
    let values = vec![text(workspace), text(visitor_hash), time(since), time(never_since), time(earliest)];
    let row = one(on, sql, values).await?;
    row.map_or(Ok((0, false)), |row| Ok((row.get("shown")?, row.get::<i64>("nevers")? > 0)))
}

/// The latest offers to a visitor, the latest first.
pub async fn of_visitor(
    on: &impl Session,
    workspace: WorkspaceId,
    visitor_hash: &str,
    limit: u32,
) -> Result<Vec<Offer>, StorageError> {
    let sql = "SELECT * FROM tag_offers WHERE workspace_id = $1 AND visitor_hash = $2
        ORDER BY at DESC, offer_id DESC LIMIT $3";
    let values = vec![text(workspace), text(visitor_hash), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

/// An offer by ID.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: OfferId,
) -> Result<Option<Offer>, StorageError> {
    let sql = "SELECT * FROM tag_offers WHERE workspace_id = $1 AND offer_id = $2";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Offer, StorageError> {
    Ok(Offer {
        id: row.parse(TABLE, "offer_id")?,
        at: row.time("at")?,
        source: row.word(TABLE, "source", OfferSource::from_name)?,
        rule: row.get("rule_number")?,
        page: match row.get::<String>("page_id")?.as_str() {
            "" => None,
            _ => Some(row.parse(TABLE, "page_id")?),
        },
        visitor_hash: row.get("visitor_hash")?,
        email_key: row.get("email_key")?,
        outcome: row.get("outcome")?,
    })
}
