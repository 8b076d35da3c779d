//! Contacts.

use crate::org::error::SaveResult;
use crate::org::records::Record;
use crate::org::save::SaveContext;
use crate::org::save::behaviour::name;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Composes the name; an e-mail counts as bounced when a reason stands beside it.
pub(super) fn before_save(
    org: &Org,
    context: &SaveContext<'_>,
    object: &ObjectType,
    record: &mut Record,
) -> SaveResult<()> {
    name::compose(org, context.user, object, record);
    let bounced = !record.value(object, "EmailBouncedReason").is_null();
    record.put(object, "IsEmailBounced", Value::Boolean(bounced));
    Ok(())
}
