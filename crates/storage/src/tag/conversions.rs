//! What the tag recognised: one row an attempt, however often it is reported.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use domain::list::{Direction, Position};
use domain::tag::{Conversion, Grade};
use domain::value::{BookingId, ConversionId, Timestamp, WorkspaceId, search_key};

const TABLE: &str = "conversions";

/// Why a conversion waits for someone to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quarantine {
    /// Its site is not among those allowed.
    UnknownSite,
    /// Too many came from one address.
    TooMany,
}

impl Quarantine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::UnknownSite, Self::TooMany];

    /// The word in the database and in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownSite => "unknown-site",
            Self::TooMany => "too-many",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A conversion as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConversion {
    /// Its ID.
    pub id: ConversionId,
    /// The ID that the tag gave the attempt.
    pub attempt: String,
    /// What is known.
    pub conversion: Conversion,
    /// Why it waits; `None` if it counts.
    pub quarantine: Option<Quarantine>,
    /// The mapped form; empty if it has no mapping.
    pub form_id: String,
    /// The form as it was seen.
    pub form_key: String,
    /// The website; empty if the browser did not name one.
    pub origin: String,
    /// The hash of the visitor's ID; empty if there was none.
    pub visitor_hash: String,
    /// The booking that came of it.
    pub booking: Option<BookingId>,
    /// When something of it changed.
    pub updated_at: Timestamp,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The conversion with everything reported so far.
    pub stored: StoredConversion,
    /// It is the first report of the attempt.
    pub is_new: bool,
    /// The grade before; `None` for the first report.
    pub before: Option<Grade>,
}

/// Keeps a report: the first one of an attempt as a row, later ones in the same row.
///
/// The row is locked until the transaction ends, so that two reports at once are merged one after the other.
pub async fn merge(
    on: &crate::Write,
    workspace: WorkspaceId,
    report: &StoredConversion,
) -> Result<Merged, StorageError> {
    let sql =
        "INSERT INTO conversions (workspace_id, conversion_id, attempt_id, at, updated_at, grade, quarantine,
            form_id, form_key, origin, path, email_key, visitor_hash, booking_id, search_key, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15)
        ON CONFLICT (workspace_id, attempt_id) DO UPDATE SET updated_at = excluded.updated_at
        RETURNING *";
    let conversion = &report.conversion;
    let values = vec![
        text(workspace),
        text(report.id),
        text(&report.attempt),
        time(conversion.first.at),
        time(report.updated_at),
        text(conversion.grade.name()),
        text(report.quarantine.map_or("", Quarantine::name)),
        text(&report.form_id),
        text(&report.form_key),
        text(&report.origin),
        text(&conversion.first.form.path),
        text(email_key(conversion)),
        text(&report.visitor_hash),
        text(search_text(report)),
        to_json(conversion)?,
    ];
    let row = one(on, sql, values).await?;
    let row = row.ok_or_else(|| missing("the row that was just written"))?;
    let known = read(&row)?;
    if known.id == report.id {
        return Ok(Merged { stored: known, is_new: true, before: None });
    }
    let before = known.conversion.grade;
    let merged = known.conversion.clone().merge(conversion.clone());
    let mut stored = StoredConversion { conversion: merged, updated_at: report.updated_at, ..known };
    // A visitor who consented meanwhile has an ID now.
    if stored.visitor_hash.is_empty() {
        stored.visitor_hash.clone_from(&report.visitor_hash);
    }
    let sql = "UPDATE conversions SET at = $3, grade = $4, email_key = $5, visitor_hash = $6, search_key = $7, body = $8
        WHERE workspace_id = $1 AND conversion_id = $2";
    let values = vec![
        text(workspace),
        text(stored.id),
        time(stored.conversion.first.at),
        text(stored.conversion.grade.name()),
        text(email_key(&stored.conversion)),
        text(&stored.visitor_hash),
        text(search_text(&stored)),
        to_json(&stored.conversion)?,
    ];
    execute(on, sql, values).await?;
    Ok(Merged { stored, is_new: false, before: Some(before) })
}

fn missing(what: &str) -> StorageError {
    StorageError::Inconsistent { table: TABLE, column: "conversion_id", reason: format!("{what} is missing") }
}

fn email_key(conversion: &Conversion) -> String {
    conversion.email().map(domain::value::EmailAddress::into_key).unwrap_or_default()
}

fn search_text(stored: &StoredConversion) -> String {
    let conversion = &stored.conversion;
    let values = ["email", "name", "family_name", "given_name", "company"].map(|key| conversion.text(key));
    let all: Vec<&str> = values.into_iter().chain([conversion.first.url.as_str()]).collect();
    search_key(&all.join(" ")).chars().take(2_000).collect()
}

/// Whether an attempt was reported before.
pub async fn is_known(
    on: &impl Session,
    workspace: WorkspaceId,
    attempt: &str,
) -> Result<bool, StorageError> {
    let sql = "SELECT conversion_id FROM conversions WHERE workspace_id = $1 AND attempt_id = $2";
    Ok(one(on, sql, vec![text(workspace), text(attempt)]).await?.is_some())
}

/// A conversion by ID.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: ConversionId,
) -> Result<Option<StoredConversion>, StorageError> {
    let sql = "SELECT * FROM conversions WHERE workspace_id = $1 AND conversion_id = $2";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// Attempts and conversions, the latest first; `before` is the last ID of the page before.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    before: Option<ConversionId>,
    limit: u32,
) -> Result<Vec<StoredConversion>, StorageError> {
    let last = before.map_or_else(|| "g".to_owned(), |before| before.to_string());
    let sql = "SELECT * FROM conversions WHERE workspace_id = $1 AND conversion_id < $2
            AND grade IN ('attempt', 'likely', 'confirmed')
        ORDER BY conversion_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(last), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// What is asked of the list of conversions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Only those that wait, or only those that count.
    pub quarantined: Option<bool>,
    /// Only one grade.
    pub grade: Option<Grade>,
    /// Only conversions: likely and confirmed.
    pub only_conversions: bool,
    /// What was typed into the search.
    pub search: String,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// A page of the list of conversions.
pub async fn page(
    on: &impl Session,
    workspace: WorkspaceId,
    question: &Question,
    direction: Direction,
    position: &Position,
    limit: u32,
) -> Result<Page<StoredConversion>, StorageError> {
    let mut conditions = Conditions::of(workspace);
    match question.quarantined {
        Some(true) => conditions.and("quarantine <> ''", []),
        Some(false) => conditions.and("quarantine = ''", []),
        None => {}
    }
    if let Some(grade) = question.grade {
        conditions.and("grade = ?", [text(grade.name())]);
    }
    if question.only_conversions {
        conditions.and("grade IN ('likely', 'confirmed')", []);
    }
    if !question.search.is_empty() {
        conditions.and("search_key LIKE ? ESCAPE '!'", [contains(&question.search)]);
    }
    if let Some(from) = question.from {
        conditions.and("at >= ?", [time(from)]);
    }
    if let Some(until) = question.until {
        conditions.and("at < ?", [time(until)]);
    }
    let select = Select { table: TABLE, id: "conversion_id", sort: Sort::Number("at"), direction };
    select.page(on, &conditions, position, limit, read).await
}

/// Whether as many as `limit` wait already.
pub async fn has_quarantined(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: i64,
) -> Result<bool, StorageError> {
    let sql = "SELECT conversion_id FROM conversions WHERE workspace_id = $1 AND quarantine IN ($2, $3)
        LIMIT 1 OFFSET $4";
    let values = vec![
        text(workspace),
        text(Quarantine::UnknownSite.name()),
        text(Quarantine::TooMany.name()),
        limit.into(),
    ];
    Ok(one(on, sql, values).await?.is_some())
}

/// Lets what waited because of its site count, and tells how many there were.
pub async fn release_site(
    on: &crate::Write,
    workspace: WorkspaceId,
    origin: &str,
) -> Result<u64, StorageError> {
    let sql =
        "UPDATE conversions SET quarantine = '' WHERE workspace_id = $1 AND quarantine = $2 AND origin = $3";
    execute(on, sql, vec![text(workspace), text(Quarantine::UnknownSite.name()), text(origin)]).await
}

/// Lets one that waited count; `false` if it did not wait.
pub async fn release(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: ConversionId,
) -> Result<bool, StorageError> {
    let sql = "UPDATE conversions SET quarantine = ''
        WHERE workspace_id = $1 AND conversion_id = $2 AND quarantine <> ''";
    Ok(execute(on, sql, vec![text(workspace), text(id)]).await? == 1)
}

/// Says which booking came of a conversion.
pub async fn set_booking(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: ConversionId,
    booking: BookingId,
) -> Result<(), StorageError> {
    let sql = "UPDATE conversions SET booking_id = $3 WHERE workspace_id = $1 AND conversion_id = $2";
    execute(on, sql, vec![text(workspace), text(id), text(booking)]).await.map(drop)
}

/// Says whose conversion it is.
pub async fn set_visitor(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: ConversionId,
    visitor_hash: &str,
) -> Result<(), StorageError> {
    let sql = "UPDATE conversions SET visitor_hash = $3 WHERE workspace_id = $1 AND conversion_id = $2";
    execute(on, sql, vec![text(workspace), text(id), text(visitor_hash)]).await.map(drop)
}

/// The latest conversions of an address or a visitor, the latest first.
pub async fn of_person(
    on: &impl Session,
    workspace: WorkspaceId,
    email_key: &str,
    visitor_hash: &str,
    limit: u32,
) -> Result<Vec<StoredConversion>, StorageError> {
    let sql = "SELECT * FROM conversions WHERE workspace_id = $1
            AND ((email_key = $2 AND email_key <> '') OR (visitor_hash = $3 AND visitor_hash <> ''))
        ORDER BY at DESC, conversion_id DESC LIMIT $4";
    let values = vec![text(workspace), text(email_key), text(visitor_hash), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

/// What counts between two moments, the latest first.
pub async fn between(
    on: &impl Session,
    workspace: WorkspaceId,
    from: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<StoredConversion>, StorageError> {
    let sql = "SELECT * FROM conversions WHERE workspace_id = $1 AND at >= $2 AND at < $3 AND quarantine = ''
        ORDER BY at DESC, conversion_id DESC LIMIT $4";
    let values = vec![text(workspace), time(from), time(until), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

/// Conversions of each form in this week and the four before it, by the key under which it was seen.
pub async fn by_week(
    on: &impl Session,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<Vec<(String, [u64; 5])>, StorageError> {
    let week = |weeks: i64| now.plus_minutes(-weeks * 7 * 24 * 60);
    let count = |number: i64| {
        format!(
            "CAST(COUNT(CASE WHEN at >= ${} AND at < ${} THEN 1 END) AS BIGINT) AS w{number}",
            number + 3,
            number + 2
        )
    };
    let counts = (0..5).map(count).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT form_key, {counts} FROM conversions WHERE workspace_id = $1 AND at >= $7
            AND quarantine = '' AND grade IN ('likely', 'confirmed') GROUP BY form_key"
    );
    let values = std::iter::once(text(workspace)).chain((0..6).map(|number| time(week(number)))).collect();
    let mut found = Vec::new();
    for row in all(on, &sql, values).await? {
        let mut weeks = [0; 5];
        for (number, count) in weeks.iter_mut().enumerate() {
            *count = row.get::<i64>(&format!("w{number}"))?.unsigned_abs();
        }
        found.push((row.get("form_key")?, weeks));
    }
    Ok(found)
}

fn read(row: &Row) -> Result<StoredConversion, StorageError> {
    let booking: String = row.get("booking_id")?;
    Ok(StoredConversion {
        id: row.parse(TABLE, "conversion_id")?,
        attempt: row.get("attempt_id")?,
        conversion: row.json(TABLE, "body")?,
        quarantine: row.word(TABLE, "quarantine", |word| match word {
            "" => Some(None),
            word => Quarantine::from_name(word).map(Some),
        })?,
        form_id: row.get("form_id")?,
        form_key: row.get("form_key")?,
        origin: row.get("origin")?,
        visitor_hash: row.get("visitor_hash")?,
        booking: if booking.is_empty() { None } else { Some(row.parse(TABLE, "booking_id")?) },
        updated_at: row.time("updated_at")?,
    })
}
