//! The compound name of a person.

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Puts first and last name together, in the order of the user's locale.
pub(super) fn compose(org: &Org, user: RecordId, object: &ObjectType, record: &mut Record) {
    let part = |name: &str| record.value(object, name).as_text().map(str::to_owned);
    let (first, last) = (part("FirstName"), part("LastName"));
    let family_first =
        org.user_value(user, "LocaleSidKey").as_text().is_some_and(|locale| locale.starts_with("ja"));
    let parts = if family_first { [last, first] } else { [first, last] };
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    record.put(object, "Name", Value::text(&name));
}
