//! Who created and changed a record, and when.

use jiff::Timestamp;

use crate::org::history::{Action, Change, FieldChange};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::changes::Changes;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Fields that the history leaves out.
const SILENT: [&str; 5] =
    ["CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp"];

/// Marks a record as created.
pub(super) fn created(record: &mut Record, object: &ObjectType, user: RecordId, now: Timestamp) {
    record.put(object, "CreatedById", Value::Id(user));
    record.put(object, "CreatedDate", Value::DateTime(now));
    modified(record, object, user, now);
}

/// Marks a record as changed.
pub(super) fn modified(record: &mut Record, object: &ObjectType, user: RecordId, now: Timestamp) {
    record.put(object, "LastModifiedById", Value::Id(user));
    record.put(object, "LastModifiedDate", Value::DateTime(now));
    record.put(object, "SystemModstamp", Value::DateTime(now));
}

/// Fields that a create may set if an administrator allows it.
pub(super) const SETTABLE: [&str; 4] = ["CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById"];

impl Org {
    /// The audit fields that a create sets, if an administrator allows it.
    pub(super) fn given_audit_fields(&self, object: &ObjectType, changes: &Changes) -> Changes {
        let settable = |index: usize| SETTABLE.contains(&object.fields()[index].name.as_str());
        let given = changes.iter().filter(|(index, value)| settable(*index) && !value.is_null());
        given.filter(|_| self.settings.set_audit_fields).cloned().collect()
    }

    /// Writes the difference between two states of a record into the history.
    pub(super) fn note_difference(
        &mut self,
        object: &ObjectType,
        user: RecordId,
        action: Action,
        before: Option<&Record>,
        after: &Record,
    ) {
        let mut fields = Vec::new();
        for (index, field) in object.fields().iter().enumerate() {
            let old = before.map_or(&Value::Null, |record| record.get(index));
            let new = after.get(index);
            if old != new && !SILENT.contains(&field.name.as_str()) && field.name != "Id" {
                fields.push(FieldChange {
                    field: field.name.clone(),
                    before: old.to_text(),
                    after: new.to_text(),
                });
            }
        }
        let at = self.now();
        self.note(Change { at, user, object: object.name.clone(), id: after.id, action, fields });
    }
}
