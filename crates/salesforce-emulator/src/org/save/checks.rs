//! What every record must satisfy before it is stored.

use crate::org::custom_fields::ACTIVITIES;
use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::context::SaveContext;
use crate::org::save::convert::wrong_id;
use crate::org::schema::{Field, FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;

impl Org {
    /// Checks a record that is about to be stored; the first stage that finds fault ends the checks.
    pub(super) fn check(
        &self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        before: Option<&Record>,
        record: &Record,
    ) -> SaveResult<()> {
        required(object, record)?;
        self.lookups(object, before, record)?;
        self.validation_rules(object, record)?;
        self.duplicate_rules(context, object, before, record)?;
        self.unique_values(object, before, record)
    }

    fn lookups(&self, object: &ObjectType, before: Option<&Record>, record: &Record) -> SaveResult<()> {
        let mut problems = Vec::new();
        for (index, field) in object.fields().iter().enumerate() {
            if field.kind != FieldType::Reference || !(field.createable || field.updateable) {
                continue;
            }
            let unchanged = before.is_some_and(|before| before.get(index) == record.get(index));
            let Some(target) = record.get(index).as_id().filter(|_| !unchanged) else { continue };
            if let Err(problem) = self.lookup(object, field, target) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn lookup(&self, object: &ObjectType, field: &Field, id: RecordId) -> Result<(), SaveError> {
        let kind = self.schema.object_of(id).map(|kind| kind.name.as_str());
        if !field.reference_to.iter().any(|target| Some(target.as_str()) == kind) {
            return Err(wrong_id(field, &id.to_string()));
        }
        if field.name == "RecordTypeId" {
            return self.check_record_type(object, id);
        }
        let (target_type, target) = self.record(id).ok_or_else(SaveError::invalid_reference)?;
        if self.hidden_records.contains(&id) {
            return Err(SaveError::new(
                "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
                format!("insufficient access rights on cross-reference id: {}", id.short()),
            ));
        }
        if target.is_deleted(target_type) {
            return Err(SaveError::deleted());
        }
        match target_type.name.as_str() {
            "Lead" if target.value(target_type, "IsConverted").is_true() => Err(SaveError::converted_lead()),
            "User" if field.name == "OwnerId" && !target.value(target_type, "IsActive").is_true() => {
                Err(SaveError::new(
                    "INACTIVE_OWNER_OR_USER",
                    format!(
                        "operation performed with inactive user [{}] as owner of {}",
                        id.short(),
                        object.name.to_lowercase()
                    ),
                ))
            }
            "Group" if field.name == "OwnerId" && !self.queue_holds(id, &object.name) => Err(SaveError::on(
                "OwnerId",
                "INVALID_CROSS_REFERENCE_KEY",
                "Queue not associated with this SObject type",
            )),
            _ => Ok(()),
        }
    }

    fn queue_holds(&self, queue: RecordId, object: &str) -> bool {
        let Some(link) = self.schema.object("QueueSobject") else { return false };
        let held = self.find("QueueSobject", "QueueId", &Value::Id(queue));
        held.iter().any(|row| row.value(link, "SobjectType").as_text() == Some(object))
    }

    /// Whether every value that must be the only one of its kind is.
    pub(super) fn unique_values(
        &self,
        object: &ObjectType,
        before: Option<&Record>,
        record: &Record,
    ) -> SaveResult<()> {
        for (index, field) in object.fields().iter().enumerate().filter(|(_, field)| field.unique) {
            let value = record.get(index);
            if value.is_null() || before.is_some_and(|before| before.get(index) == value) {
                continue;
            }
            if let Some(other) = self.holder(object, field, record.id, value) {
                return Err(taken(object, field, &self.shown_id(other)).into());
            }
        }
        Ok(())
    }

    /// Another record that has this value already; a field of activities is one field of tasks and events.
    fn holder(&self, object: &ObjectType, field: &Field, id: RecordId, value: &Value) -> Option<RecordId> {
        let shared = field.custom && ACTIVITIES.contains(&object.name.as_str());
        let objects = if shared { ACTIVITIES.to_vec() } else { vec![object.name.as_str()] };
        let mut found = objects.into_iter().filter_map(|name| self.schema.object(name)).flat_map(|holder| {
            let index = holder.index_of(&field.name);
            let same =
                move |other: &Record| !field.case_sensitive || index.is_some_and(|at| other.get(at) == value);
            self.find(&holder.name, &field.name, value).into_iter().filter(move |other| same(other))
        });
        found.find(|other| other.id != id).map(|other| other.id)
    }

    fn shown_id(&self, id: RecordId) -> String {
        if self.hidden_records.contains(&id) { "<unknown>".to_owned() } else { id.short().to_owned() }
    }
}

fn taken(object: &ObjectType, field: &Field, id: &str) -> SaveError {
    if object.name == "User" {
        return SaveError::on(
            "Username",
            "DUPLICATE_USERNAME",
            "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address).",
        );
    }
    SaveError::new(
        "DUPLICATE_VALUE",
        format!("duplicate value found: {} duplicates value on record with id: {id}", field.name),
    )
}

fn required(object: &ObjectType, record: &Record) -> SaveResult<()> {
    let missing: Vec<String> = object
        .fields()
        .iter()
        .enumerate()
        .filter(|(index, field)| field.required() && record.get(*index).is_null())
        .map(|(_, field)| field.name.clone())
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(missing_fields(missing).into()) }
}

/// The reason given when fields without which there is no record are empty.
pub(super) fn missing_fields(names: Vec<String>) -> SaveError {
    let message = format!("Required fields are missing: [{}]", names.join(", "));
    SaveError { fields: names, ..SaveError::new("REQUIRED_FIELD_MISSING", message) }
}
