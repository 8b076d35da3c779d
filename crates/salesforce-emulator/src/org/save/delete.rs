//! Putting records into the recycle bin.

use std::sync::Arc;

use super::audit;
use super::context::SaveContext;
use super::create::row_locked;
use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::{Record, Table};
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

impl Org {
    /// Puts a record, and the details that cannot live without it, into the recycle bin.
    pub(crate) fn delete(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        id: RecordId,
    ) -> SaveResult<()> {
        let found = self.row(&object.name, id).filter(|_| !self.hidden_records.contains(&id));
        let record = Arc::clone(found.ok_or_else(SaveError::invalid_reference)?);
        if record.is_deleted(object) {
            return Err(SaveError::deleted().into());
        }
        if !self.object_access(context.user, object).delete {
            let message = "insufficient access rights on object id";
            return Err(SaveError::new("INSUFFICIENT_ACCESS_OR_READONLY", message).into());
        }
        if (context.row_locked)() {
            return Err(row_locked());
        }
        self.atomically(|org| {
            org.bin(context, object, &record);
            org.after_delete(context, object, &record)
        })
    }

    /// Deletes a record, and the details that cannot live without it, past the recycle bin.
    pub(crate) fn hard_delete(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        id: RecordId,
    ) -> SaveResult<()> {
        self.atomically(|org| {
            org.delete(context, object, id)?;
            org.empty(object, id);
            Ok(())
        })
    }

    /// Takes a record and its details out of the recycle bin for good.
    fn empty(&mut self, object: &Arc<ObjectType>, id: RecordId) {
        for (child, field) in self.details_of(object) {
            let Some(index) = child.index_of(&field) else { continue };
            let rows = self.table(&child.name).into_iter().flat_map(Table::rows);
            let binned =
                |detail: &&Arc<Record>| detail.get(index).as_id() == Some(id) && detail.is_deleted(&child);
            let details: Vec<RecordId> = rows.filter(binned).map(|detail| detail.id).collect();
            details.into_iter().for_each(|detail| self.empty(&child, detail));
        }
        self.remove(object, id);
    }

    fn bin(&mut self, context: &SaveContext<'_>, object: &Arc<ObjectType>, record: &Arc<Record>) {
        for (child, field) in self.details_of(object) {
            for detail in self.find(&child.name, &field, &Value::Id(record.id)) {
                self.bin(context, &child, &detail);
            }
        }
        let mut binned = Record::clone(record);
        binned.put(object, "IsDeleted", Value::Boolean(true));
        audit::modified(&mut binned, object, context.user, self.now());
        self.note_difference(object, context.user, Action::Deleted, Some(record), &binned);
        self.store(object, binned);
    }

    fn details_of(&self, object: &ObjectType) -> Vec<(Arc<ObjectType>, String)> {
        let children = self.schema.children_of(&object.name).filter(|child| child.field.cascade_delete);
        children.map(|child| (Arc::clone(child.object), child.field.name.clone())).collect()
    }
}
