//! Who belongs to a segment, by one query each, so that it is right after every write and on every day.

use crate::database::statements::{Row, Session, all, dialect, one, text};
use crate::error::StorageError;
use crate::list::Page;
use crate::segment::columns;
use crate::segment::columns::ValueColumns;
use crate::segment::matching::Matching;
use domain::list::{Direction, Key, Position};
use domain::segment::ResolvedCondition;
use domain::value::{PersonId, WorkspaceId};

/// How many people a segment has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SegmentCount {
    /// All of them.
    pub members: u64,
    /// Those who have an address and do not refuse mail.
    pub mailable: u64,
}

/// A person of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentMember {
    /// The person.
    pub person: PersonId,
    /// The key of the address; empty if there is none.
    pub email_key: String,
    /// Mail is refused.
    pub opted_out: bool,
}

/// Which people of a segment are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// All of them.
    Everyone,
    /// Those to whom mail may be sent.
    Mailable,
}

const MAILABLE: &str = "(NOT v.opted_out AND v.email_key <> '')";

/// How many people a condition means; `None` while values that it compares are still being filled in.
pub async fn count(
    on: &impl Session,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
) -> Result<Option<SegmentCount>, StorageError> {
    let Some(columns) = ready(on, workspace, condition).await? else { return Ok(None) };
    let mut matching = Matching::begin(dialect(on), &columns, workspace);
    let arms = matching.arms(condition)?;
    let sums = |mailable: &str| {
        format!(
            "CAST(COUNT(*) AS BIGINT) AS members,
            CAST(COALESCE(SUM(CASE WHEN {mailable} THEN 1 ELSE 0 END), 0) AS BIGINT) AS mailable"
        )
    };
    let sql = match arms.as_slice() {
        [arm] => {
            format!("SELECT {} FROM {} WHERE v.workspace_id = $1 AND {}", sums(MAILABLE), arm.from, arm.asked)
        }
        arms => {
            let each: Vec<String> = arms
                .iter()
                .map(|arm| {
                    format!(
                        "SELECT v.person_id, {MAILABLE} AS mailable FROM {} WHERE v.workspace_id = $1 AND {}",
                        arm.from, arm.asked
                    )
                })
                .collect();
            format!("SELECT {} FROM ({}) AS m", sums("m.mailable"), each.join(" UNION "))
        }
    };
    let Some(row) = one(on, &sql, matching.into_values()).await? else { return Ok(None) };
    Ok(Some(SegmentCount {
        members: row.get::<i64>("members")?.unsigned_abs(),
        mailable: row.get::<i64>("mailable")?.unsigned_abs(),
    }))
}

/// People whom a condition means, in the order of their IDs and after one of them; `None` while values that it compares
/// are still being filled in.
pub async fn page(
    on: &impl Session,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
    among: Among,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Option<Vec<SegmentMember>>, StorageError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    select(on, workspace, condition, among, (Direction::Ascending, &after), limit).await
}

/// A page for a list that goes forwards and backwards; `None` while values are still being filled in.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
    position: &Position,
    limit: u32,
) -> Result<Option<Page<SegmentMember>>, StorageError> {
    let (direction, beyond) = match position {
        Position::Start => (Direction::Ascending, ""),
        Position::After(key) => (Direction::Ascending, key.id.as_str()),
        Position::Before(key) => (Direction::Descending, key.id.as_str()),
    };
    let from = (direction, beyond);
    let found = select(on, workspace, condition, Among::Everyone, from, limit.saturating_add(1)).await?;
    let Some(mut rows) = found else { return Ok(None) };
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let is_backwards = direction == Direction::Descending;
    if is_backwards {
        rows.reverse();
    }
    let key =
        |row: Option<&SegmentMember>| row.map(|row| Key { value: String::new(), id: row.person.to_string() });
    let has_before = if is_backwards { has_more } else { !beyond.is_empty() };
    Ok(Some(Page {
        before: key(rows.first()).filter(|_| has_before),
        after: key(rows.last()).filter(|_| is_backwards || has_more),
        rows,
        count: 0,
    }))
}

async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
    among: Among,
    (direction, beyond): (Direction, &str),
    limit: u32,
) -> Result<Option<Vec<SegmentMember>>, StorageError> {
    let Some(columns) = ready(on, workspace, condition).await? else { return Ok(None) };
    let mut matching = Matching::begin(dialect(on), &columns, workspace);
    let asked = matching.condition(condition)?;
    let (sign, order) = match direction {
        Direction::Ascending => (">", "ASC"),
        Direction::Descending => ("<", "DESC"),
    };
    let beyond = matching.bind(text(beyond));
    let limit = matching.bind(i64::from(limit).into());
    let mailable = match among {
        Among::Everyone => String::new(),
        Among::Mailable => format!(" AND {MAILABLE}"),
    };
    let sql = format!(
        "SELECT v.person_id, v.email_key, v.opted_out FROM people_values AS v
        WHERE v.workspace_id = $1 AND v.person_id {sign} {beyond} AND {asked}{mailable}
        ORDER BY v.person_id {order} LIMIT {limit}"
    );
    let rows = all(on, &sql, matching.into_values()).await?;
    rows.iter().map(read).collect::<Result<_, _>>().map(Some)
}

/// Whether everything that a condition compares is filled in.
pub async fn is_ready(
    on: &impl Session,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
) -> Result<bool, StorageError> {
    Ok(ready(on, workspace, condition).await?.is_some())
}

async fn ready(
    on: &impl Session,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
) -> Result<Option<ValueColumns>, StorageError> {
    let columns = columns::find(on, workspace).await?;
    Ok(columns.filter(|columns| columns.have(&condition.fields())))
}

fn read(row: &Row) -> Result<SegmentMember, StorageError> {
    Ok(SegmentMember {
        person: row.parse("people_values", "person_id")?,
        email_key: row.get("email_key")?,
        opted_out: row.get("opted_out")?,
    })
}
