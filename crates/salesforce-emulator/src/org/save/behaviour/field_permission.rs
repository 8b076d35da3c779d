//! Field permissions: who may see and write a field.

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Refuses a permission on a field that has none, or a second one on the same field.
pub(super) fn before_save(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    if record.value(object, "PermissionsEdit").is_true() {
        record.put(object, "PermissionsRead", Value::Boolean(true));
    }
    let name = record.value(object, "Field").to_text();
    let known = place(object, record).is_some_and(|(owner, field)| {
        let owner = org.whole_schema().object(&owner);
        owner
            .and_then(|owner| owner.field(&field))
            .is_some_and(|field| field.permissionable && !field.deleted)
    });
    if !known {
        let message = format!("Field Name: bad value for restricted picklist field: {name}");
        return Err(SaveError::on("Field", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message).into());
    }
    let rows = org.find("FieldPermissions", "ParentId", record.value(object, "ParentId"));
    let taken = |row: &Record| row.id != record.id && row.value(object, "Field").to_text() == name;
    if before.is_none() && rows.iter().any(|row| taken(row)) {
        let message = "duplicate value found: <unknown> duplicates value on record with id: <unknown>";
        return Err(SaveError::new("DUPLICATE_VALUE", message).into());
    }
    Ok(())
}

/// Lets the profile's users see and write the field as far as the permission says, or not at all without one.
pub(in crate::org::save) fn apply(org: &mut Org, object: &ObjectType, record: &Record, there: bool) {
    let Some((owner, field)) = place(object, record) else { return };
    let Some(profile) = profile(org, record.value(object, "ParentId")) else { return };
    let allows = |name: &str| there && record.value(object, name).is_true();
    org.permit_field(profile, &owner, &field, allows("PermissionsRead"), allows("PermissionsEdit"));
}

/// The object and the field that a permission is about.
fn place(object: &ObjectType, record: &Record) -> Option<(String, String)> {
    let name = record.value(object, "Field").as_text()?;
    let (owner, field) = name.split_once('.')?;
    (record.value(object, "SobjectType").as_text() == Some(owner))
        .then(|| (owner.to_owned(), field.to_owned()))
}

fn profile(org: &Org, set: &Value) -> Option<RecordId> {
    let (object, set) = org.record(set.as_id()?)?;
    set.value(object, "ProfileId").as_id()
}
