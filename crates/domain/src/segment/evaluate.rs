//! Whether one person is meant, and which terms say so.

use crate::people::{LinkState, Values};
use crate::segment::{
    LOWEST_KEY, ResolvedCondition, ResolvedTerm, Test, UNREADABLE_KEY, ValueTest, value_key,
};
use crate::value::{FormId, PageId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What conditions ask of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonFacts {
    /// The values.
    pub values: Values,
    /// The forms that were sent with the person's address, and when last.
    pub submissions: BTreeMap<FormId, Timestamp>,
    /// The pages that were booked with it and not cancelled, and when last.
    pub bookings: BTreeMap<PageId, Timestamp>,
    /// When a browser that is known by it was seen last.
    pub visited_at: Option<Timestamp>,
    /// The lists that have it.
    pub lists: BTreeSet<String>,
    /// How the sync stands.
    pub sync: LinkState,
}

/// Whether a person is meant.
pub fn is_member(condition: &ResolvedCondition, facts: &PersonFacts) -> bool {
    condition.groups.iter().any(|terms| terms.iter().all(|term| holds(term, facts)))
}

/// Which terms hold for a person, group by group.
pub fn explain(condition: &ResolvedCondition, facts: &PersonFacts) -> Vec<Vec<bool>> {
    let group = |terms: &Vec<ResolvedTerm>| terms.iter().map(|term| holds(term, facts)).collect();
    condition.groups.iter().map(group).collect()
}

fn holds(term: &ResolvedTerm, facts: &PersonFacts) -> bool {
    answer(&term.test, facts) != term.is_not
}

fn answer(test: &Test, facts: &PersonFacts) -> bool {
    match test {
        Test::Value { field, kind, test } => {
            let value = facts.values.get(field).map_or("", String::as_str);
            fits(test, &value_key(*kind, value))
        }
        Test::Submission { forms, since } => happened(&facts.submissions, forms.as_deref(), *since),
        Test::Booking { pages, since } => happened(&facts.bookings, pages.as_deref(), *since),
        Test::Visit { since } => facts.visited_at.is_some_and(|at| since.is_none_or(|since| at >= since)),
        Test::Listed { list } => facts.lists.contains(list),
        Test::Sync(state) => facts.sync == *state,
        Test::Any(tests) => tests.iter().any(|test| answer(test, facts)),
        Test::Condition(condition) => is_member(condition, facts),
    }
}

fn happened<I: Ord>(last: &BTreeMap<I, Timestamp>, wanted: Option<&[I]>, since: Option<Timestamp>) -> bool {
    last.iter().any(|(id, at)| {
        wanted.is_none_or(|wanted| wanted.contains(id)) && since.is_none_or(|since| *at >= since)
    })
}

fn fits(test: &ValueTest, key: &str) -> bool {
    match test {
        ValueTest::Blank => key.is_empty(),
        ValueTest::OneOf(keys) => keys.iter().any(|one| one == key),
        ValueTest::Contains(text) => key.contains(text.as_str()),
        ValueTest::StartsWith(text) => key.starts_with(text.as_str()),
        ValueTest::Includes(options) => options.iter().any(|option| key.contains(&format!(";{option};"))),
        ValueTest::Range { from, to } => {
            key >= LOWEST_KEY
                && key != UNREADABLE_KEY
                && from
                    .as_ref()
                    .is_none_or(|from| key > from.key.as_str() || (from.is_included && key == from.key))
                && to.as_ref().is_none_or(|to| key < to.key.as_str() || (to.is_included && key == to.key))
        }
    }
}
