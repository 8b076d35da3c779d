//! The rows of one object, with their indexes and their recent past.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use jiff::Timestamp;

use crate::engagement::row::Row;
use crate::engagement::schema::EngagementObject;
use crate::org::value::{Key, Value};

/// The longest that queries may lag behind; older states of rows are forgotten.
pub(super) const MAX_STALENESS: i64 = 3600;

#[derive(Debug)]
struct Before {
    at: Timestamp,
    id: u64,
    row: Option<Arc<Row>>,
}

/// The rows of one object.
#[derive(Debug)]
pub(crate) struct Table {
    /// The object.
    pub(crate) object: &'static EngagementObject,
    rows: BTreeMap<u64, Arc<Row>>,
    index: BTreeSet<(usize, Key, u64)>,
    recent: VecDeque<Before>,
    last: u64,
}

impl Table {
    /// A table without rows.
    pub(super) fn new(object: &'static EngagementObject) -> Self {
        Table { object, rows: BTreeMap::new(), index: BTreeSet::new(), recent: VecDeque::new(), last: 0 }
    }

    /// The number the next new row gets.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// The last number given out.
    pub(super) fn last_id(&self) -> u64 {
        self.last
    }

    /// Continues the numbers after this one.
    pub(super) fn continue_after(&mut self, last: u64) {
        self.last = self.last.max(last);
    }

    /// A row as it is now.
    pub(crate) fn get(&self, id: u64) -> Option<&Arc<Row>> {
        self.rows.get(&id)
    }

    /// Every row as it is now, oldest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Arc<Row>> {
        self.rows.values()
    }

    /// The numbers of the rows after this one.
    pub(super) fn ids_after(&self, id: u64) -> impl Iterator<Item = u64> {
        self.rows.range((Bound::Excluded(id), Bound::Unbounded)).map(|(id, _)| *id)
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }

    /// Stores a row that has always been so.
    pub(super) fn seed(&mut self, row: Row) {
        self.last = self.last.max(row.id);
        self.replace(Arc::new(row));
    }

    /// Stores a row; queries that lag behind still see what it replaces.
    pub(super) fn put(&mut self, row: Row, now: Timestamp) {
        let id = row.id;
        let before = self.replace(Arc::new(row));
        self.recent.push_back(Before { at: now, id, row: before });
        while self
            .recent
            .front()
            .is_some_and(|oldest| now.as_second().saturating_sub(oldest.at.as_second()) > MAX_STALENESS)
        {
            self.recent.pop_front();
        }
    }

    /// Takes a row away altogether.
    pub(super) fn remove(&mut self, id: u64) {
        let Some(row) = self.rows.remove(&id) else { return };
        for (place, _) in self.object.fields.iter().enumerate().filter(|(_, field)| field.indexed) {
            if let Some(key) = row.get(place).index_key() {
                self.index.remove(&(place, key, id));
            }
        }
    }

    fn replace(&mut self, row: Arc<Row>) -> Option<Arc<Row>> {
        let before = self.rows.insert(row.id, Arc::clone(&row));
        for (place, _) in self.object.fields.iter().enumerate().filter(|(_, field)| field.indexed) {
            if let Some(key) = before.as_ref().and_then(|before| before.get(place).index_key()) {
                self.index.remove(&(place, key, row.id));
            }
            if let Some(key) = row.get(place).index_key() {
                self.index.insert((place, key, row.id));
            }
        }
        before
    }

    /// The numbers of the rows whose indexed field has this value now, after the given number.
    pub(super) fn with(&self, field: usize, value: &Value, after: u64) -> impl Iterator<Item = u64> {
        let key = value.index_key().into_iter();
        key.flat_map(move |key| {
            let from = Bound::Excluded((field, key.clone(), after));
            let to = Bound::Included((field, key, u64::MAX));
            self.index.range((from, to)).map(|(_, _, id)| *id)
        })
    }

    /// The part of the index that is about one field.
    fn of(&self, field: usize) -> impl DoubleEndedIterator<Item = &(usize, Key, u64)> {
        // Texts sort before every other kind of key.
        let (from, to) = ((field, Key::Text(Arc::from("")), 0), (field + 1, Key::Text(Arc::from("")), 0));
        self.index.range(from..to)
    }

    /// Every row in the order of an indexed field that has a value everywhere, after a row with this value.
    pub(super) fn ordered(
        &self,
        field: usize,
        after: Option<(Key, u64)>,
        descending: bool,
    ) -> Box<dyn Iterator<Item = &Arc<Row>> + '_> {
        let of_field = move |(known, ..): &&(usize, Key, u64)| *known == field;
        let row = |(_, _, id): &(usize, Key, u64)| self.get(*id);
        match (descending, after) {
            (false, None) => Box::new(self.of(field).filter_map(row)),
            (false, Some((key, id))) => {
                let from = (Bound::Excluded((field, key, id)), Bound::Unbounded);
                Box::new(self.index.range(from).take_while(of_field).filter_map(row))
            }
            (true, None) => Box::new(self.of(field).rev().filter_map(row)),
            (true, Some((key, id))) => {
                let until = (Bound::Unbounded, Bound::Excluded((field, key, id)));
                Box::new(self.index.range(until).rev().take_while(of_field).filter_map(row))
            }
        }
    }

    /// The past states of the rows that changed after this time; `None` for a row that did not exist.
    pub(super) fn past(&self, then: Timestamp) -> HashMap<u64, Option<Arc<Row>>> {
        let mut past = HashMap::new();
        let since = self.recent.partition_point(|change| change.at <= then);
        for change in self.recent.range(since..) {
            past.entry(change.id).or_insert_with(|| change.row.clone());
        }
        past
    }
}
