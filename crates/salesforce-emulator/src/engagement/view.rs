//! The rows of one object in the recent past, as queries see them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::engagement::row::Row;
use crate::engagement::table::Table;
use crate::org::value::Value;

/// The rows of one object as they were at some time.
#[derive(Debug)]
pub(super) struct View<'a> {
    table: &'a Table,
    past: HashMap<u64, Option<Arc<Row>>>,
}

impl<'a> View<'a> {
    /// The rows of a table as they were at this time.
    pub(super) fn at(table: &'a Table, then: Timestamp) -> Self {
        View { table, past: table.past(then) }
    }

    /// Whether nothing has changed since.
    pub(super) fn is_current(&self) -> bool {
        self.past.is_empty()
    }

    /// A row as it was.
    pub(super) fn get(&self, id: u64) -> Option<&Arc<Row>> {
        match self.past.get(&id) {
            Some(past) => past.as_ref(),
            None => self.table.get(id),
        }
    }

    /// Every row in the order of the numbers, after the given number.
    pub(super) fn after(&self, id: u64) -> impl Iterator<Item = &Arc<Row>> {
        self.table.ids_after(id).filter_map(|id| self.get(id))
    }

    /// The rows that may have this value in an indexed field, in the order of the numbers, after the given number.
    pub(super) fn likely(&self, field: usize, value: &Value, after: u64) -> impl Iterator<Item = &Arc<Row>> {
        let mut now = self.table.with(field, value, after).peekable();
        let mut past: Vec<u64> = self.past.keys().copied().filter(|id| *id > after).collect();
        past.sort_unstable();
        let mut past = past.into_iter().peekable();
        let ids = std::iter::from_fn(move || match (now.peek().copied(), past.peek().copied()) {
            (Some(left), Some(right)) if left < right => now.next(),
            (Some(left), Some(right)) => {
                if left == right {
                    now.next();
                }
                past.next()
            }
            (Some(_), None) => now.next(),
            (None, _) => past.next(),
        });
        ids.filter_map(|id| self.get(id))
    }
}
