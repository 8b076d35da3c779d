//! The index on one field: which records have which value.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::org::ids::RecordId;
use crate::org::value::Key;

/// The records by the value of one field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(BTreeMap<Key, Ids>);

/// The records that share a value; most values have one record.
#[derive(Clone, Debug)]
enum Ids {
    One(RecordId),
    Several(BTreeSet<RecordId>),
}

/// Where a walk through an index begins and ends.
pub(crate) type Range = (Bound<Key>, Bound<Key>);

impl Index {
    /// An index without records.
    pub(crate) const fn empty() -> Self {
        Index(BTreeMap::new())
    }

    /// The records with this value, oldest first.
    pub(crate) fn find(&self, key: &Key) -> impl Iterator<Item = RecordId> {
        self.0.get(key).into_iter().flat_map(Ids::iter)
    }

    /// The records whose value lies within the range, in the order of their values and then of their age.
    pub(crate) fn walk(&self, range: Range, descending: bool) -> Box<dyn Iterator<Item = RecordId> + '_> {
        if is_empty(&range) {
            return Box::new(std::iter::empty());
        }
        let within = self.0.range(range).map(|(_, ids)| ids);
        if descending {
            Box::new(within.rev().flat_map(Ids::iter))
        } else {
            Box::new(within.flat_map(Ids::iter))
        }
    }

    /// How many records lie within the range; counts no further than `enough`.
    pub(crate) fn count(&self, range: Range, enough: usize) -> usize {
        if is_empty(&range) {
            return 0;
        }
        let mut count = 0;
        for ids in self.0.range(range).map(|(_, ids)| ids) {
            count += ids.len();
            if count >= enough {
                break;
            }
        }
        count
    }

    /// Notes that a record has this value.
    pub(crate) fn insert(&mut self, key: Key, id: RecordId) {
        match self.0.entry(key) {
            Entry::Vacant(free) => drop(free.insert(Ids::One(id))),
            Entry::Occupied(mut taken) => match taken.get_mut() {
                Ids::One(other) => {
                    let both = BTreeSet::from([*other, id]);
                    taken.insert(Ids::Several(both));
                }
                Ids::Several(ids) => drop(ids.insert(id)),
            },
        }
    }

    /// Notes that a record no longer has this value.
    pub(crate) fn remove(&mut self, key: &Key, id: RecordId) {
        let emptied = match self.0.get_mut(key) {
            Some(Ids::Several(ids)) => {
                ids.remove(&id);
                ids.is_empty()
            }
            Some(Ids::One(only)) => *only == id,
            None => false,
        };
        if emptied {
            self.0.remove(key);
        }
    }
}

/// Whether nothing can lie within; a map refuses such a range.
fn is_empty((from, until): &Range) -> bool {
    match (from, until) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(from), Bound::Included(until)) => from > until,
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(until) | Bound::Excluded(until)) => {
            from >= until
        }
    }
}

impl Ids {
    fn iter(&self) -> Box<dyn Iterator<Item = RecordId> + '_> {
        match self {
            Ids::One(id) => Box::new(std::iter::once(*id)),
            Ids::Several(ids) => Box::new(ids.iter().copied()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Ids::One(_) => 1,
            Ids::Several(ids) => ids.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> RecordId {
        RecordId::numbered("00Q", number)
    }

    #[test]
    fn index_orders_by_value_and_age_and_removes() {
        let mut index = Index::empty();
        for (key, number) in [(2, 4), (1, 3), (2, 1), (3, 2)] {
            index.insert(Key::Number(key), id(number));
        }
        let everything = || (Bound::Unbounded, Bound::Unbounded);
        let up: Vec<_> = index.walk(everything(), false).collect();
        assert_eq!(up, [id(3), id(1), id(4), id(2)]);
        let down: Vec<_> = index.walk(everything(), true).collect();
        assert_eq!(down, [id(2), id(1), id(4), id(3)], "records of one value stay in order of age");
        let some = || (Bound::Excluded(Key::Number(1)), Bound::Included(Key::Number(2)));
        assert_eq!(index.count(some(), 10), 2);
        index.remove(&Key::Number(2), id(1));
        assert_eq!(index.find(&Key::Number(2)).collect::<Vec<_>>(), [id(4)]);
        let backwards = (Bound::Included(Key::Number(3)), Bound::Excluded(Key::Number(3)));
        assert_eq!(index.walk(backwards, false).count(), 0);
    }
}
