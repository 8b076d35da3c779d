//! What the recycle bin contains.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::org::ids::RecordId;

/// Deleted records with the time of their deletion.
#[derive(Debug, Default)]
pub(crate) struct RecycleBin {
    /// Records by the time they entered the bin; records that have left it may remain here.
    pub(super) entries: BTreeSet<(Timestamp, RecordId)>,
    /// Records purged early, by the time of their deletion; restored records may remain here.
    pub(super) purged: BTreeSet<(Timestamp, RecordId)>,
    /// Purges before this time are no longer listed.
    pub(super) purged_since: Timestamp,
}
