//! The rows of one object as they were a moment ago, which is what queries see.

use std::collections::HashMap;
use std::sync::Arc;

use super::row::Row;
use super::table::Table;
use crate::org::value::Value;

/// The rows of one object as they were at some moment.
#[derive(Debug)]
pub(super) struct View<'a> {
    table: &'a Table,
    past: HashMap<u64, Option<Arc<Row>>>,
}

impl<'a> View<'a> {
    /// The rows of a table, with what some of them were in the past; nothing stands for a row that was not there.
    pub(super) fn new(table: &'a Table, past: HashMap<u64, Option<Arc<Row>>>) -> Self {
        View { table, past }
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
