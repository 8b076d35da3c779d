//! What a write has made of both sides, by the record's values before and after it.

use crate::people::merge::Convert;
use crate::people::{
    Conflict, ConflictReason, FieldFault, Link, MergeField, PersonSnapshot, RecordSnapshot, Side, Values,
};

/// What follows from a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The link, with nothing open.
    pub link: Link,
    /// Values that the person takes, as the org made others of those that were sent.
    pub pulled: Values,
    /// Values that the write has overwritten unseen, or that the org has put back.
    pub conflicts: Vec<Conflict>,
    /// Values that can't be taken.
    pub faults: Vec<FieldFault>,
}

/// Closes the link's attempt after a write that the org has confirmed. `before` and `after` were read in the same call as
/// the write; `person` is the person as it is now.
pub fn after_write(
    link: &Link,
    person: &PersonSnapshot,
    (before, after): (&RecordSnapshot, &RecordSnapshot),
    fields: &[MergeField<'_>],
    to_local: Convert<'_>,
) -> Written {
    let mut written = Written { link: link.clone(), ..Written::default() };
    let Some(attempt) = written.link.attempt.take() else { return written };
    written.link.seen = Some(after.stamp);
    for (name, sent) in attempt.sent {
        let Some(field) = fields.iter().find(|field| field.name == name) else { continue };
        let (Some(was), Some(is)) = (before.values.get(&name), after.values.get(&name)) else { continue };
        let local_at = person.edited_at.get(&name).copied();
        let conflict = |remote: &str, winner, reason| Conflict {
            field: name.clone(),
            base: link.base_local.get(&name).cloned(),
            local: sent.local.clone(),
            remote: remote.to_owned(),
            local_at,
            remote_at: before.modified_at,
            winner,
            reason,
        };
        let is_unseen = !field.kind.is_same(was, &sent.expected) && !field.kind.is_same(was, &sent.remote);
        if is_unseen && link.recorded.get(&name) != Some(was) {
            written.conflicts.push(conflict(was, Side::Local, ConflictReason::ChangedBeforeWrite));
        }
        written.link.agree(&name, &sent.local, is);
        if field.kind.is_same(is, &sent.remote) {
            continue;
        }
        if person.values.get(&name).map_or("", String::as_str) != sent.local {
            // Edited meanwhile: that edit is merged next.
            continue;
        }
        if field.kind.is_same(is, &sent.expected) {
            written.conflicts.push(conflict(is, Side::Salesforce, ConflictReason::PutBack));
        }
        match to_local(&name, is) {
            Ok(value) => {
                written.link.agree(&name, &value, is);
                if value != sent.local {
                    written.pulled.insert(name, value);
                }
            }
            Err(reason) => written.faults.push(FieldFault { field: name, value: is.clone(), reason }),
        }
    }
    written
}
