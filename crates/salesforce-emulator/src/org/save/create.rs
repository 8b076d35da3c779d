//! Creating a record.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::audit;
use crate::org::save::behaviour;
use crate::org::save::changes::Changes;
use crate::org::save::context::{AutoAssign, SaveContext};
use crate::org::save::input::Purpose;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;

impl Org {
    /// Creates a record from a request's field values and returns its id.
    ///
    /// Nothing is kept when it fails, follow-up changes included.
    pub(crate) fn create(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        input: &Map<String, Json>,
    ) -> SaveResult<RecordId> {
        if input.keys().any(|name| name.eq_ignore_ascii_case("id")) {
            return Err(SaveError::on(
                "Id",
                "INVALID_FIELD",
                "The Id field should not be specified in the sobject data.",
            )
            .into());
        }
        if !self.object_access(context.user, object).create {
            let message = format!("entity type cannot be inserted: {}", object.label);
            return Err(SaveError::new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message).into());
        }
        self.has_room()?;
        let changes = self.read_input(context, object, input, Purpose::Create)?;
        if (context.row_locked)() {
            return Err(row_locked());
        }
        self.atomically(|org| org.insert(context, object, &changes))
    }

    fn insert(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        changes: &Changes,
    ) -> SaveResult<RecordId> {
        let id = self.next_id(object);
        let mut record = Record::new(id);
        record.put(object, "Id", Value::Id(id));
        for (index, value) in changes {
            record.set(*index, value.clone());
        }
        fill_defaults(&mut record, object);
        // A custom object's record without a name is named by its id.
        if object.custom && record.value(object, "Name").is_null() {
            record.put(object, "Name", Value::text(&id.to_string()));
        }
        self.choose_record_type(object, &mut record);
        self.choose_owner(context, object, &mut record);
        behaviour::before_save(self, context, object, None, &mut record)?;
        self.check(context, object, None, &record)?;
        let given = self.given_audit_fields(object, changes);
        audit::created(&mut record, object, context.user, self.now());
        for (index, value) in given {
            record.set(index, value);
        }
        self.note_difference(object, context.user, Action::Created, None, &record);
        self.store(object, record);
        self.after_save(context, object, None, id)?;
        Ok(id)
    }

    fn choose_owner(&self, context: &SaveContext<'_>, object: &ObjectType, record: &mut Record) {
        if record.value(object, "OwnerId").is_null() {
            record.put(object, "OwnerId", Value::Id(context.user));
        }
        self.assign(context, object, record);
    }

    /// Lets the object's active assignment rule choose the owner, on a create and on an update alike.
    pub(super) fn assign(&self, context: &SaveContext<'_>, object: &ObjectType, record: &mut Record) {
        let rule = self.rules.assignment.iter().find(|rule| rule.object == object.name);
        if let Some(rule) = rule.filter(|rule| assigns(context, rule.id)) {
            record.put(object, "OwnerId", Value::Id(rule.owner));
        }
    }
}

fn fill_defaults(record: &mut Record, object: &ObjectType) {
    for (index, field) in object.fields().iter().enumerate() {
        if record.get(index).is_null() && !field.default.is_null() {
            record.set(index, field.default.clone());
        } else if field.kind == FieldType::Boolean && record.get(index).is_null() {
            record.set(index, Value::Boolean(false));
        }
    }
}

fn assigns(context: &SaveContext<'_>, rule: RecordId) -> bool {
    match context.auto_assign {
        AutoAssign::Active => true,
        AutoAssign::Rule(wanted) => wanted == rule,
        AutoAssign::Off => false,
    }
}

/// The error while another user holds the record's lock.
pub(super) fn row_locked() -> Vec<SaveError> {
    SaveError::new("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record").into()
}
