//! Chooses one of the records that match a visitor: the filters first, then the tie-breaks (G2).
//!
//! Without tie-breaks of the chart, and after them, the record that was changed last is taken, as somebody works with
//! it; of those the one with the lowest ID. The order in which the records come makes no difference.

use crate::router::{
    Compared, Fact, FactValue, FindKey, Known, LookupFailure, OWNER, Preference, PreferredOrder, RecordFacts,
    RecordSearch, Test, TieBreak, find_name, operand_texts,
};
use crate::synced_fields::SyncedObject;
use crate::value::{Decimal, NumberUnit, Timestamp, read_day};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Which of the matching records a node takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordSelection {
    /// Tests of the record's own fields, all of which have to hold.
    pub filters: Vec<Test>,
    /// Tie-breaks, the first one first.
    pub prefer: Vec<Preference>,
}

/// A record that matches, before it is chosen or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedRecord {
    /// Its ID.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its owner's address; `None` if nobody knows it.
    pub owner: Option<String>,
    /// The fields that were read; one without a value is null.
    pub fields: Map<String, Value>,
    /// When the org changed it last.
    pub changed_at: Timestamp,
}

/// The record that is taken, and how it was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedRecord {
    /// The record.
    pub record: Known<RecordFacts>,
    /// How it was chosen.
    pub search: RecordSearch,
}

/// Under which name a record is kept that was looked for with filters and tie-breaks. Other ones are another name.
pub fn record_name(
    object: SyncedObject,
    by: FindKey,
    live: bool,
    filters: &[Test],
    prefer: &[Preference],
) -> String {
    let plain = find_name(object, by, live);
    if filters.is_empty() && prefer.is_empty() {
        return plain;
    }
    let text = serde_json::to_string(&(filters, prefer)).unwrap_or_default();
    // FNV-1a: the name is stored, so the function must not change.
    let digest = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{plain} #{digest:016x}")
}

impl RecordSelection {
    /// Whether it takes the record that was changed last, whatever its fields say.
    pub const fn is_default(&self) -> bool {
        self.filters.is_empty() && self.prefer.is_empty()
    }

    /// Under which name the facts keep its answer.
    pub fn name(&self, object: SyncedObject, by: FindKey, live: bool) -> String {
        record_name(object, by, live, &self.filters, &self.prefer)
    }

    /// The fields that it reads.
    pub fn fields(&self) -> BTreeSet<String> {
        let filtered = self.filters.iter().filter_map(|test| match &test.fact {
            Fact::Record(_, field) => Some(field.clone()),
            _ => None,
        });
        filtered.chain(self.prefer.iter().map(|one| field_of(one).to_owned())).collect()
    }

    /// Whether it has to know who is a member here.
    pub fn asks_for_members(&self) -> bool {
        self.prefer.iter().any(|one| one.order == PreferredOrder::OwnerIsMember)
    }

    /// Chooses a record; `members` are the active members' addresses in lower case.
    pub fn choose(&self, matched: &[MatchedRecord], members: &BTreeSet<String>) -> SelectedRecord {
        let mut search = RecordSearch { matched: count(matched.len()), ..RecordSearch::default() };
        let mut left = Vec::new();
        // The first filter that could not be told gives the reason, whichever record it was.
        let mut unknown: Option<(usize, LookupFailure)> = None;
        for record in matched {
            match self.fits(record) {
                Ok(true) => left.push(record),
                Ok(false) => search.left_out += 1,
                Err(failure) => {
                    if unknown.is_none_or(|(filter, _)| failure.0 < filter) {
                        unknown = Some(failure);
                    }
                }
            }
        }
        if let Some((_, failure)) = unknown {
            return SelectedRecord { record: Known::Unknown(failure), search };
        }
        let candidates = count(left.len());
        let chosen = match self.narrow(left, members) {
            Err(failure) => return SelectedRecord { record: Known::Unknown(failure), search },
            Ok((chosen, decided_by)) => {
                search.decided_by = decided_by;
                chosen
            }
        };
        let record = chosen.map_or(Known::NotFound, |record| {
            Known::Found(RecordFacts {
                id: record.id.clone(),
                name: record.name.clone(),
                owner: record.owner.clone(),
                fields: record.fields.clone(),
                candidates,
            })
        });
        SelectedRecord { record, search }
    }

    /// Whether all filters hold; the filter that could not be told, and why, if so.
    fn fits(&self, record: &MatchedRecord) -> Result<bool, (usize, LookupFailure)> {
        let results: Vec<Result<bool, LookupFailure>> =
            self.filters.iter().map(|test| holds(test, record)).collect();
        if results.contains(&Ok(false)) {
            return Ok(false);
        }
        let failed =
            results.into_iter().enumerate().find_map(|(filter, result)| Some((filter, result.err()?)));
        failed.map_or(Ok(true), Err)
    }

    /// The one record that the tie-breaks leave, and the one of them that decided.
    fn narrow<'a>(
        &self,
        mut left: Vec<&'a MatchedRecord>,
        members: &BTreeSet<String>,
    ) -> Result<(Option<&'a MatchedRecord>, Option<TieBreak>), LookupFailure> {
        if left.len() < 2 {
            return Ok((left.pop(), None));
        }
        for preference in &self.prefer {
            let ranks: Vec<Option<Rank>> =
                left.iter().map(|record| rank(preference, record, members)).collect::<Result<_, _>>()?;
            let known = ranks.iter().flatten();
            let best = if preference.order.takes_least() { known.min() } else { known.max() }.cloned();
            if let Some(best) = best {
                let mut ranks = ranks.into_iter();
                left.retain(|_| ranks.next().flatten().is_some_and(|rank| rank.cmp(&best).is_eq()));
            }
            if left.len() == 1 {
                return Ok((left.pop(), Some(TieBreak::Preferred(preference.clone()))));
            }
        }
        let latest = left.iter().map(|record| record.changed_at).max();
        left.retain(|record| Some(record.changed_at) == latest);
        let decided_by = if left.len() == 1 { TieBreak::LastChanged } else { TieBreak::RecordId };
        Ok((left.into_iter().min_by(|one, other| one.id.cmp(&other.id)), Some(decided_by)))
    }
}

/// What records are put in order by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Moment(Timestamp),
    Number(Decimal),
    IsMember(bool),
}

/// A record's place; `None` for one without such a value, which comes last.
fn rank(
    preference: &Preference,
    record: &MatchedRecord,
    members: &BTreeSet<String>,
) -> Result<Option<Rank>, LookupFailure> {
    let text = match RecordFacts::field(&record.fields, field_of(preference)) {
        FactValue::Unknown(failure) => return Err(failure),
        FactValue::One(text) => text,
        FactValue::Absent | FactValue::Many(_) => return Ok(None),
    };
    Ok(match preference.order {
        PreferredOrder::Newest | PreferredOrder::Oldest => moment(&text).map(Rank::Moment),
        PreferredOrder::Highest | PreferredOrder::Lowest => {
            Decimal::parse(&text, NumberUnit::None).map(Rank::Number)
        }
        PreferredOrder::OwnerIsMember => Some(Rank::IsMember(members.contains(&text.trim().to_lowercase()))),
    })
}

fn field_of(preference: &Preference) -> &str {
    if preference.order.has_field() { &preference.field } else { OWNER }
}

/// A moment, or the beginning of a day.
fn moment(text: &str) -> Option<Timestamp> {
    let beginning = |day: jiff::civil::Date| {
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        jiff::tz::TimeZone::UTC.to_ambiguous_timestamp(midnight).compatible().ok().map(Timestamp::from_jiff)
    };
    Timestamp::parse(text).or_else(|| beginning(read_day(text)?))
}

fn holds(test: &Test, record: &MatchedRecord) -> Result<bool, LookupFailure> {
    let Fact::Record(_, field) = &test.fact else { return Err(LookupFailure::FieldGone) };
    match RecordFacts::field(&record.fields, field) {
        FactValue::Unknown(failure) => Err(failure),
        value => match test.operator.compare(&value, &operand_texts(&test.value)) {
            Compared::Holds => Ok(true),
            Compared::Fails => Ok(false),
            Compared::NotComparable => Err(LookupFailure::NotComparable),
        },
    }
}

fn count(records: usize) -> u32 {
    u32::try_from(records).unwrap_or(u32::MAX)
}
