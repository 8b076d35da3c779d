//! A page of rows by keyset: as fast on the thousandth page as on the first, and stable while rows are added.

use crate::database::statements::{Row, Session, all, one, text};
use crate::error::StorageError;
use crate::list::Conditions;
use domain::list::{Direction, Key, Position};

/// How far rows are counted; more are told as "more than".
pub const COUNTED: i64 = 1_000;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The page before ends before this row; `None` on the first one.
    pub before: Option<Key>,
    /// The next page begins after this row; `None` on the last one.
    pub after: Option<Key>,
    /// How many rows there are on all pages, up to [`COUNTED`] and one.
    pub count: i64,
}

/// What a list is sorted by: a column that is never NULL.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sort {
    /// BIGINT.
    Number(&'static str),
    /// TEXT.
    Text(&'static str),
}

/// The table of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Select {
    /// The table.
    pub(crate) table: &'static str,
    /// The column with the rows' IDs.
    pub(crate) id: &'static str,
    /// By what it is sorted, and then by ID.
    pub(crate) sort: Sort,
    /// In which direction.
    pub(crate) direction: Direction,
}

impl Select {
    /// The page at a position.
    pub(crate) async fn page<T>(
        &self,
        on: &impl Session,
        conditions: &Conditions,
        position: &Position,
        limit: u32,
        read: impl Fn(&Row) -> Result<T, StorageError>,
    ) -> Result<Page<T>, StorageError> {
        let (column, id) = (self.sort.column(), self.id);
        let mut values = conditions.values().to_vec();
        let (key, direction) = match position {
            Position::Start => (None, self.direction),
            Position::After(key) => (Some(key), self.direction),
            Position::Before(key) => (Some(key), self.direction.reversed()),
        };
        let (sign, order) = match direction {
            Direction::Ascending => (">", "ASC"),
            Direction::Descending => ("<", "DESC"),
        };
        let beyond = match key.and_then(|key| Some((self.sort.value(&key.value)?, key))) {
            Some((value, key)) => {
                let value = Conditions::place(&mut values, value);
                let row = Conditions::place(&mut values, text(&key.id));
                format!(" AND ({column}, {id}) {sign} ({value}, {row})")
            }
            None => String::new(),
        };
        let last = Conditions::place(&mut values, (i64::from(limit) + 1).into());
        let sql = format!(
            "SELECT * FROM {} WHERE {}{beyond} ORDER BY {column} {order}, {id} {order} LIMIT {last}",
            self.table,
            conditions.sql()
        );
        let mut rows = all(on, &sql, values).await?;
        let has_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let is_backwards = matches!(position, Position::Before(_)) && !beyond.is_empty();
        if is_backwards {
            rows.reverse();
        }
        let is_start = beyond.is_empty();
        let key_of = |row: Option<&Row>| row.map(|row| self.key(row)).transpose();
        let has_before = if is_backwards { has_more } else { !is_start };
        let has_after = if is_backwards { true } else { has_more };
        Ok(Page {
            before: if has_before { key_of(rows.first())? } else { None },
            after: if has_after { key_of(rows.last())? } else { None },
            rows: rows.iter().map(read).collect::<Result<_, _>>()?,
            count: self.count(on, conditions).await?,
        })
    }

    async fn count(&self, on: &impl Session, conditions: &Conditions) -> Result<i64, StorageError> {
        let mut values = conditions.values().to_vec();
        let most = Conditions::place(&mut values, (COUNTED + 1).into());
        let sql = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM {} WHERE {} LIMIT {most}) AS counted",
            self.table,
            conditions.sql()
        );
        one(on, &sql, values).await?.map_or(Ok(0), |row| row.get("n"))
    }

    fn key(&self, row: &Row) -> Result<Key, StorageError> {
        let value = match self.sort {
            Sort::Number(column) => row.get::<i64>(column)?.to_string(),
            Sort::Text(column) => row.get(column)?,
        };
        Ok(Key { value, id: row.get(self.id)? })
    }
}

impl Sort {
    const fn column(self) -> &'static str {
        match self {
            Self::Number(column) | Self::Text(column) => column,
        }
    }

    /// A key's value as the column has it; `None` when it is none, and the list begins at its start.
    fn value(self, value: &str) -> Option<crate::database::statements::Value> {
        match self {
            Self::Number(_) => value.parse::<i64>().ok().map(Into::into),
            Self::Text(_) => Some(text(value)),
        }
    }
}
