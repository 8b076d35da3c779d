//! Records in the recycle bin: deleted records can be restored for fifteen days.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::{Record, Table};
use crate::org::recycle_bin::RecycleBin;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

/// Days a deleted record can be restored.
const RETENTION_DAYS: i64 = 15;

impl Org {
    /// Adds a record to the bin.
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

    /// The records of an object that were deleted within a window and have left the bin.
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

    /// The time since which all deletions are known.
    pub(crate) fn deletions_known_since(&self) -> Timestamp {
        self.bin_horizon().max(self.recycle_bin.purged_since)
    }

    /// Forgets the purged records, as an org does after too many purges.
    pub(crate) fn forget_purged(&mut self) {
        self.recycle_bin.purged.clear();
        self.recycle_bin.purged_since = self.now();
    }

    /// Whether a record has passed the retention time.
    pub(super) fn bin_is_overdue(&self) -> bool {
        let latest = self.bin_horizon();
        self.recycle_bin.entries.first().is_some_and(|(at, _)| *at < latest)
    }

    /// Purges records past the retention time.
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

    /// Purges a record together with its deleted details.
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

    /// Fills the bin from the records, after all of them were replaced.
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
        now.checked_sub(SignedDuration::from_hours(24 * RETENTION_DAYS)).unwrap_or(now)
    }
}
