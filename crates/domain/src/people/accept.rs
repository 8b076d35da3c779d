//! Whether what a read brought is news, an echo of the past, or too close to call.

use crate::people::{Link, MergeField, RecordSnapshot};

/// What a read is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It can be merged.
    Take,
    /// It is older than what was acted on: a replica of the org that lags behind. Nothing follows from it.
    Past,
    /// It has the stamp of the last read, and other values. Stamps have whole seconds: read by ID once more, later.
    ReadAgain,
}

/// Judges a read of the record. `is_repeated` says that it is the second look that `ReadAgain` asked for.
pub fn accept(
    link: &Link,
    record: &RecordSnapshot,
    fields: &[MergeField<'_>],
    is_repeated: bool,
) -> Accepted {
    match link.seen {
        Some(seen) if record.stamp < seen => Accepted::Past,
        Some(seen) if record.stamp == seen && link.attempt.is_none() && !is_repeated => {
            let is_known = fields.iter().all(|field| {
                let base = link.base_remote.get(field.name);
                base.is_none() || record.values.get(field.name).is_none_or(|value| Some(value) == base)
            });
            if is_known { Accepted::Take } else { Accepted::ReadAgain }
        }
        _ => Accepted::Take,
    }
}
