//! Why nothing, or a certain record, can be written just now.

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::Table;
use crate::org::store::Org;

/// Kilobytes a record takes, as Salesforce counts them.
const RECORD_KB: u64 = 2;

impl Org {
    /// Whether a new record may be stored.
    pub(super) fn has_room(&self) -> SaveResult<()> {
        self.is_not_in_maintenance()?;
        if self.settings.limits.data_storage_mb.is_some_and(|most| self.storage_used_mb() >= most) {
            return Err(SaveError::new("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded").into());
        }
        Ok(())
    }

    /// Whether a record may be changed or deleted.
    pub(super) fn is_not_locked(&self, id: RecordId) -> SaveResult<()> {
        self.is_not_in_maintenance()?;
        if self.settings.locked_records.contains(&id) {
            let message = "This record is locked. If you need to edit it, contact your admin.";
            return Err(SaveError::new("ENTITY_IS_LOCKED", message).into());
        }
        Ok(())
    }

    /// Megabytes that all records together take.
    pub(crate) fn storage_used_mb(&self) -> u64 {
        let tables = self.schema.objects().filter_map(|object| self.table(&object.name));
        let records: usize = tables.map(Table::count_all).sum();
        records as u64 * RECORD_KB / 1024
    }

    fn is_not_in_maintenance(&self) -> SaveResult<()> {
        if self.settings.maintenance {
            let message = "Updates can't be made during maintenance. Please try again later.";
            return Err(SaveError::new("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", message).into());
        }
        Ok(())
    }
}
