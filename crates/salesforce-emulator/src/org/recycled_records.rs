//! The recycle bin: what was deleted waits fifteen days, then it is gone for good.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::error::{SaveError, SaveResult};
use super::ids::RecordId;
use super::records::{Record, Table};
use super::schema::ObjectType;
use super::store::Org;

/// Days a deleted record can be brought back.
pub(crate) const KEPT_DAYS: i64 = 15;

/// What was deleted, and when.
#[derive(Debug, Default)]
pub(crate) struct RecycleBin {
    /// When each record went into the bin; one that has left it since may still be noted.
    entries: BTreeSet<(Timestamp, RecordId)>,
    /// When each record was deleted that left the bin for good before its time; one whose deletion was taken back may
    /// still be noted.
    purged: BTreeSet<(Timestamp, RecordId)>,
    /// Purges before this time are no longer listed.
    purged_since: Timestamp,
}

impl Org {
    /// Notes that a record went into the bin.
    pub(super) fn note_binned(&mut self, id: RecordId) {
        let now = self.now();
        self.recycle_bin.entries.insert((now, id));
    }

    /// The records of an object that are in the bin, oldest first.
    pub(crate) fn binned(&self, object: &ObjectType) -> impl Iterator<Item = &Arc<Record>> {
        let ids = self.recycle_bin.entries.iter().map(|(_, id)| *id);
        let ids: BTreeSet<RecordId> = ids.filter(|id| id.prefix() == object.prefix).collect();
        let table = self.table(&object.name);
        let rows = ids.into_iter().filter_map(move |id| table?.get(id));
        rows.filter(|record| record.is_deleted(object))
    }

    /// The records of an object that were deleted within a window and are not even in the bin any more.
    pub(crate) fn purged(
        &self,
        object: &ObjectType,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, RecordId)> {
        let noted = self.recycle_bin.purged.iter().skip_while(move |(at, _)| *at < from);
        let noted = noted.take_while(move |(at, _)| *at <= until).copied();
        noted.filter(|(_, id)| id.prefix() == object.prefix && self.row(&object.name, *id).is_none())
    }

    /// Since when it is known what was deleted.
    pub(crate) fn deletions_known_since(&self) -> Timestamp {
        self.bin_horizon().max(self.recycle_bin.purged_since)
    }

    /// Forgets what was purged until now, as an org does of which too much was.
    pub(crate) fn forget_purged(&mut self) {
        self.recycle_bin.purged.clear();
        self.recycle_bin.purged_since = self.now();
    }

    /// Whether something has been in the bin for too long.
    pub(super) fn bin_is_overdue(&self) -> bool {
        let latest = self.bin_horizon();
        self.recycle_bin.entries.first().is_some_and(|(at, _)| *at < latest)
    }

    /// Takes away for good what has been in the bin for too long.
    pub(super) fn empty_overdue(&mut self) {
        let latest = self.bin_horizon();
        while self.recycle_bin.purged.first().is_some_and(|(at, _)| *at < latest) {
            self.recycle_bin.purged.pop_first();
        }
        while let Some((at, id)) = self.recycle_bin.entries.pop_first() {
            if at >= latest {
                self.recycle_bin.entries.insert((at, id));
                return;
            }
            let noted = self.record(id).filter(|(object, record)| {
                record.is_deleted(object)
                    && record.value(object, "SystemModstamp").as_datetime().is_none_or(|stamp| stamp < latest)
            });
            if let Some(object) = noted.map(|(object, _)| object.clone()) {
                self.erase(&object, id);
            }
        }
    }

    /// Takes a record out of the bin and away for good, with the details that went there with it.
    pub(crate) fn purge(&mut self, id: RecordId) -> SaveResult<()> {
        let found = self.record(id).filter(|(object, record)| record.is_deleted(object));
        let (object, at) = found
            .map(|(object, record)| (object.clone(), record.value(object, "SystemModstamp").as_datetime()))
            .ok_or_else(|| {
                SaveError::new("INVALID_ID_FIELD", "Invalid record id; no recycle bin entry found")
            })?;
        self.recycle_bin.purged.insert((at.unwrap_or(self.now()), id));
        self.erase(&object, id);
        for (child, index) in self.details_of(&object) {
            for detail in self.pointing_at(&child, index, id) {
                if detail.is_deleted(&child) {
                    self.purge(detail.id)?;
                }
            }
        }
        Ok(())
    }

    /// Notes again what is in the bin, after every record was replaced.
    pub(super) fn refill_bin(&mut self) {
        let mut entries = BTreeSet::new();
        for object in self.schema.objects() {
            let rows = self.table(&object.name).into_iter().flat_map(Table::rows);
            for row in rows.filter(|row| row.is_deleted(object)) {
                let at = row.value(object, "SystemModstamp").as_datetime().unwrap_or(self.now());
                entries.insert((at, row.id));
            }
        }
        self.recycle_bin = RecycleBin { entries, ..RecycleBin::default() };
    }

    fn bin_horizon(&self) -> Timestamp {
        let now = self.now();
        now.checked_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(now)
    }
}
