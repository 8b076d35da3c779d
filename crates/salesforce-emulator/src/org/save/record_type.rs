//! Record types: which one a new record gets, and which ones a record may have.

use crate::org::error::SaveError;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

impl Org {
    /// Gives a new record the object's default record type, which is its first active one.
    pub(super) fn choose_record_type(&self, object: &ObjectType, record: &mut Record) {
        let Some(index) = object.index_of("RecordTypeId").filter(|index| record.get(*index).is_null()) else {
            return;
        };
        let Some(kind) = self.schema.object("RecordType") else { return };
        let own = self.find("RecordType", "SobjectType", &Value::text(&object.name));
        if let Some(first) = own.iter().find(|row| row.value(kind, "IsActive").is_true()) {
            record.set(index, Value::Id(first.id));
        }
    }

    /// Checks that a record type is one of the object's.
    pub(super) fn check_record_type(&self, object: &ObjectType, id: RecordId) -> Result<(), SaveError> {
        let found = self.record(id).filter(|(kind, row)| {
            row.value(kind, "SobjectType").as_text() == Some(&object.name)
                && row.value(kind, "IsActive").is_true()
        });
        if found.is_some() {
            return Ok(());
        }
        let message = format!("Record Type ID: this ID value isn't valid for the user: {}", id.short());
        Err(SaveError::on("RecordTypeId", "INVALID_CROSS_REFERENCE_KEY", message))
    }
}
