//! Leads.

use crate::org::error::{SaveError, SaveResult};
use crate::org::records::Record;
use crate::org::save::SaveContext;
use crate::org::save::behaviour::name;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// A converted lead can no longer be changed; a new one is unread by its owner.
pub(super) fn before_save(
    org: &Org,
    context: &SaveContext<'_>,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    name::compose(org, context.user, object, record);
    match before {
        Some(before) if before.value(object, "IsConverted").is_true() => {
            Err(SaveError::converted_lead().into())
        }
        Some(_) => Ok(()),
        None => {
            let own = record.value(object, "OwnerId").as_id() == Some(context.user);
            record.put(object, "IsUnreadByOwner", Value::Boolean(!own));
            Ok(())
        }
    }
}
