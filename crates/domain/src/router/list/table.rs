//! A routing list (ルーティングリスト): rows of one 順番 hold together, and the first 順番 that holds says who meets
//! the visitor.

use crate::router::list::{EntryBody, ListEntry, TableRow};
use crate::router::{Assignment, Fact, Facts, Known, LookupFailure};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the rows ask of a visitor.
pub fn facts_of(entries: &[ListEntry]) -> BTreeSet<Fact> {
    rows(entries).map(|(_, row)| row.fact.clone()).collect()
}

fn rows(entries: &[ListEntry]) -> impl Iterator<Item = (u32, &TableRow)> {
    entries.iter().filter_map(|entry| match &entry.body {
        EntryBody::Condition(row) => Some((entry.line, row)),
        _ => None,
    })
}

/// Who meets a visitor. What nobody can tell leaves everything after it open, as it might have held.
pub fn assign(entries: &[ListEntry], facts: &Facts) -> Known<Assignment> {
    let mut steps: BTreeMap<u32, Vec<(u32, &TableRow)>> = BTreeMap::new();
    for (line, row) in rows(entries) {
        steps.entry(row.order).or_default().push((line, row));
    }
    for step in steps.values() {
        let results: Vec<Result<bool, LookupFailure>> =
            step.iter().map(|(_, row)| row.holds(facts)).collect();
        if results.contains(&Ok(false)) {
            continue;
        }
        if let Some(failure) = results.iter().find_map(|result| result.err()) {
            return Known::Unknown(failure);
        }
        let named = step.iter().find(|(_, row)| row.has_meeting()).or_else(|| step.first());
        return named.map_or(Known::NotFound, |(line, row)| {
            Known::Found(Assignment {
                line: *line,
                members: row.members.clone(),
                page: row.page.clone(),
                assigns: true,
            })
        });
    }
    Known::NotFound
}
