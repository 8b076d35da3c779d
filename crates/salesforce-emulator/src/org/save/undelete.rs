//! Taking records out of the recycle bin.

use std::sync::Arc;

use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::audit;
use crate::org::save::context::SaveContext;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

impl Org {
    /// Takes a record, and what went into the bin together with it, out again.
    pub(crate) fn undelete(&mut self, context: &SaveContext<'_>, id: RecordId) -> SaveResult<()> {
        let found = self.record(id).map(|(object, record)| (Arc::clone(object), Arc::clone(record)));
        let (object, record) = found.ok_or_else(SaveError::invalid_reference)?;
        if !object.has("undeletable") {
            let message = format!("entity type does not support undelete: {}", object.label);
            return Err(SaveError::new("INVALID_TYPE_FOR_OPERATION", message).into());
        }
        if !self.object_access(context.user, &object).delete {
            let message = "insufficient access rights on object id";
            return Err(SaveError::new("INSUFFICIENT_ACCESS_OR_READONLY", message).into());
        }
        if !record.is_deleted(&object) {
            return Err(SaveError::new("UNDELETE_FAILED", "Entity is not in the recycle bin").into());
        }
        self.atomically(|org| org.restore_record_record(context, &object, &record))
    }

    fn restore_record_record(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        record: &Arc<Record>,
    ) -> SaveResult<()> {
        let together = record.value(object, "SystemModstamp").clone();
        let mut back = Record::clone(record);
        back.put(object, "IsDeleted", Value::Boolean(false));
        back.put(object, "MasterRecordId", Value::Null);
        self.unique_values(object, None, &back)?;
        audit::modified(&mut back, object, context.user, self.now());
        self.note_difference(object, context.user, Action::Undeleted, Some(record), &back);
        self.store(object, back);
        self.after_undelete(object, record);
        for (child, index) in self.details_of(object) {
            for detail in self.pointing_at(&child, index, record.id) {
                if detail.is_deleted(&child) && *detail.value(&child, "SystemModstamp") == together {
                    self.restore_record_record(context, &child, &detail)?;
                }
            }
        }
        Ok(())
    }
}
