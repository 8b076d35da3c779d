//! Finding out what became of a write whose answer never came.

use crate::people::{Link, MergeField, PersonSnapshot, RecordSnapshot};
use crate::value::Timestamp;

/// Seconds by which replicas of the org may lag behind, with a margin: only later reads show what a write has made.
pub const SETTLE_SECONDS: i64 = 5;

/// Whether the outcome is known now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nothing is open any more; the link can be merged.
    Done,
    /// The read began too early to tell. Nothing may be merged or written yet.
    TooEarly,
}

/// Settles an open attempt by a read that began at `read_at`, by the clock that bounds the attempt.
pub fn settle(
    link: &mut Link,
    person: &PersonSnapshot,
    record: &RecordSnapshot,
    fields: &[MergeField<'_>],
    read_at: Timestamp,
) -> Settled {
    let Some(attempt) = link.attempt.take() else { return Settled::Done };
    if read_at < attempt.over_at.plus_seconds(SETTLE_SECONDS) {
        link.attempt = Some(attempt);
        return Settled::TooEarly;
    }
    for (name, sent) in attempt.sent {
        let Some(field) = fields.iter().find(|field| field.name == name) else { continue };
        let Some(value) = record.values.get(&name) else { continue };
        if field.kind.is_same(value, &sent.remote) {
            link.agree(&name, &sent.local, value);
        } else if person.values.get(&name).is_some_and(|local| *local != sent.local)
            && !field.kind.is_same(value, &sent.expected)
        {
            // Something made another value of it, or somebody in the org has edited it since; that we were the last to modify
            // the record doesn't tell which. The person was edited since, too, if only back to what was agreed before.
            link.base_local.insert(name.clone(), sent.local);
            link.base_remote.entry(name).or_insert(sent.expected);
        }
        // Else the merge goes by the values, and records what loses.
    }
    Settled::Done
}
