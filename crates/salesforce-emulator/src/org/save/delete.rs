//! Putting records into the recycle bin.

use std::sync::Arc;

use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::{Record, Table};
use crate::org::save::audit;
use crate::org::save::context::SaveContext;
use crate::org::save::create::row_locked;
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
        self.is_not_locked(id)?;
        if (context.row_locked)() {
            return Err(row_locked());
        }
        self.atomically(|org| org.recycle(context, object, &record))
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
            org.purge(id)
        })
    }

    fn recycle(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        record: &Arc<Record>,
    ) -> SaveResult<()> {
        self.check_dependents(object, record)?;
        let mut binned = Record::clone(record);
        binned.put(object, "IsDeleted", Value::Boolean(true));
        audit::modified(&mut binned, object, context.user, self.now());
        self.note_difference(object, context.user, Action::Deleted, Some(record), &binned);
        self.store(object, binned);
        self.note_binned(record.id);
        for (child, index) in self.details_of(object) {
            for detail in self.pointing_at(&child, index, record.id) {
                if !detail.is_deleted(&child) {
                    self.recycle(context, &child, &detail)?;
                }
            }
        }
        self.after_delete(context, object, record)
    }

    /// Refuses to delete what other records must not lose: an account with deals that are won, and whatever a
    /// lookup guards.
    fn check_dependents(&self, object: &ObjectType, record: &Record) -> SaveResult<()> {
        let won = object.name == "Account";
        let guards = self.schema.children_of(&object.name).filter(|child| {
            child.field.restricted_delete
                || won && child.object.name == "Opportunity" && child.field.name == "AccountId"
        });
        for guard in guards {
            let mut held = self.pointing_at(guard.object, guard.index, record.id);
            held.retain(|row| {
                !row.is_deleted(guard.object)
                    && (guard.field.restricted_delete || row.value(guard.object, "IsWon").is_true())
            });
            if !held.is_empty() {
                return Err(held_back(object, record, guard.object, &held).into());
            }
        }
        Ok(())
    }

    /// The objects whose records go together with a record of this one, with the place of the lookup.
    pub(in crate::org) fn details_of(&self, object: &ObjectType) -> Vec<(Arc<ObjectType>, usize)> {
        self.schema
            .children_of(&object.name)
            .filter(|child| child.field.cascade_delete)
            .map(|child| (Arc::clone(child.object), child.index))
            .collect()
    }

    /// The rows whose lookup leads to a record, deleted ones too.
    pub(in crate::org) fn pointing_at(
        &self,
        object: &ObjectType,
        index: usize,
        id: RecordId,
    ) -> Vec<Arc<Record>> {
        let Some(table) = self.table(&object.name) else { return Vec::new() };
        match table.find(object, index, &Value::Id(id)) {
            Some(ids) => ids.iter().filter_map(|id| table.get(*id)).cloned().collect(),
            None => Table::rows(table).filter(|row| row.get(index).as_id() == Some(id)).cloned().collect(),
        }
    }
}

fn held_back(object: &ObjectType, record: &Record, other: &ObjectType, held: &[Arc<Record>]) -> SaveError {
    let name = |object: &ObjectType, record: &Record| {
        object.name_field().map(|field| record.value(object, &field.name).to_text()).unwrap_or_default()
    };
    let names: Vec<String> = held.iter().take(5).map(|row| name(other, row)).collect();
    SaveError::new(
        "DELETE_FAILED",
        format!(
            "Your attempt to delete {} could not be completed because it is associated with the following {}.: {}",
            name(object, record),
            other.label_plural.to_lowercase(),
            names.join(", ")
        ),
    )
}
