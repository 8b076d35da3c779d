//! Who gets a mailing, settled when it begins: in parts, each of which is kept.

use crate::database::statements::{all, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::mailing::queue::MailingClaim;
use crate::segment::members::Among;
use crate::segment::{context, members};
use domain::mailing::Audience;
use domain::segment::resolve;
use domain::value::{MailingRecipientId, PersonId, SegmentId, Timestamp};

/// How far the recipients are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// There may be more people.
    InPart,
    /// All are known.
    Whole,
    /// Values that the segment compares are still being filled in.
    NotYet,
    /// The segment can't be asked.
    Broken,
}

/// Who was found: the person and the key of the address.
type Found = Vec<(PersonId, String)>;

/// Adds the next people with an address who don't refuse mail.
pub async fn next(
    on: &crate::Write,
    claim: MailingClaim,
    audience: &Audience,
    limit: u32,
    now: Timestamp,
) -> Result<Frozen, StorageError> {
    let sql = "SELECT frozen_after FROM mailings WHERE workspace_id = $1 AND mailing_id = $2";
    let row = one(on, sql, vec![text(claim.workspace), text(claim.mailing)]).await?;
    let after: String = row.map_or(Ok(String::new()), |row| row.get("frozen_after"))?;
    let found = match audience {
        Audience::Everyone => everyone(on, claim, &after, limit).await?,
        Audience::Segment { segment } => match of_segment(on, claim, *segment, (&after, limit), now).await? {
            Ok(found) => found,
            Err(frozen) => return Ok(frozen),
        },
    };
    let last = found.last().map_or(after, |(person, _)| person.to_string());
    let is_whole = found.len() < limit as usize;
    let row = |(person, key): (PersonId, String)| {
        let id: MailingRecipientId = crate::ids::new(now);
        [id.to_string(), person.to_string(), key]
    };
    let rows: Vec<[String; 3]> = found.into_iter().map(row).collect();
    let sql = format!(
        "INSERT INTO mailing_recipients (workspace_id, mailing_id, recipient_id, person_id, email_key, state, reason,
            answer, bounce, attempts, due_at, updated_at)
        SELECT $1, $2, value ->> 0, value ->> 1, value ->> 2, 'queued', '', '', '', 0, 0, $3
        FROM {} WHERE true ON CONFLICT DO NOTHING",
        on.dialect.json_rows("$4")
    );
    let values = vec![text(claim.workspace), text(claim.mailing), time(now), to_json(&rows)?];
    execute(on, &sql, values).await?;
    let sql = "UPDATE mailings SET frozen_after = $4, is_frozen = $5
        WHERE workspace_id = $1 AND mailing_id = $2 AND fence = $3";
    let values =
        vec![text(claim.workspace), text(claim.mailing), claim.fence.into(), text(last), is_whole.into()];
    execute(on, sql, values).await?;
    Ok(if is_whole { Frozen::Whole } else { Frozen::InPart })
}

async fn everyone(
    on: &crate::Write,
    claim: MailingClaim,
    after: &str,
    limit: u32,
) -> Result<Found, StorageError> {
    let sql = "SELECT person_id, email_key FROM people
        WHERE workspace_id = $1 AND person_id > $2 AND email_key <> '' AND NOT opted_out
        ORDER BY person_id LIMIT $3";
    let rows = all(on, sql, vec![text(claim.workspace), text(after), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok((row.parse("people", "person_id")?, row.get("email_key")?))).collect()
}

async fn of_segment(
    on: &crate::Write,
    claim: MailingClaim,
    segment: SegmentId,
    (after, limit): (&str, u32),
    now: Timestamp,
) -> Result<Result<Found, Frozen>, StorageError> {
    let context = context::find(on, claim.workspace, now).await?;
    let Some(segment) = context.segments.get(&segment) else { return Ok(Err(Frozen::Broken)) };
    let Ok(resolved) = resolve(&segment.condition, &context, Some(segment.id)) else {
        return Ok(Err(Frozen::Broken));
    };
    let after = after.parse().ok();
    let found = members::page(on, claim.workspace, &resolved, Among::Mailable, after, limit).await?;
    let Some(found) = found else { return Ok(Err(Frozen::NotYet)) };
    Ok(Ok(found.into_iter().map(|one| (one.person, one.email_key)).collect()))
}
