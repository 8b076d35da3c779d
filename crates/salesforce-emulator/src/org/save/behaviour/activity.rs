//! What tasks and events have in common: whom and what they are about.

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Checks the pair of lookups and derives the account.
pub(super) fn relate(org: &Org, object: &ObjectType, record: &mut Record) -> SaveResult<()> {
    let (who, what) = (record.value(object, "WhoId").as_id(), record.value(object, "WhatId").as_id());
    if who.is_some_and(|who| who.prefix() == "00Q") && what.is_some() {
        return Err(SaveError {
            fields: vec!["WhatId".to_owned()],
            ..SaveError::new(
                "FIELD_INTEGRITY_EXCEPTION",
                "Related To ID: WhatId must be empty when WhoId is a Lead",
            )
        }
        .into());
    }
    let account =
        what.and_then(|what| account_of(org, what)).or_else(|| who.and_then(|who| account_of(org, who)));
    record.put(object, "AccountId", account.map_or(Value::Null, Value::Id));
    Ok(())
}

fn account_of(org: &Org, id: RecordId) -> Option<RecordId> {
    if id.prefix() == "001" {
        return Some(id);
    }
    let (object, record) = org.record(id)?;
    record.value(object, "AccountId").as_id()
}

/// Moves the person's last activity date forward.
pub(in crate::org::save) fn stamp_who(org: &mut Org, object: &ObjectType, record: &Record) {
    let done = object.name == "Event" || record.value(object, "IsClosed").is_true();
    let day = record.value(object, "ActivityDate").clone();
    let Some(who) = record.value(object, "WhoId").as_id().filter(|_| done && !day.is_null()) else { return };
    org.adjust(who, |person, record| {
        if record.value(person, "LastActivityDate").compare(&day).is_lt() {
            record.put(person, "LastActivityDate", day);
        }
    });
}
