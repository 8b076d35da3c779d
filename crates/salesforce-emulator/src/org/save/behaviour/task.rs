//! Tasks.

use crate::org::error::SaveResult;
use crate::org::records::Record;
use crate::org::save::behaviour::activity;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Derives whether the task is closed and urgent, and when it was completed.
pub(super) fn before_save(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    activity::relate(org, object, record)?;
    if before.is_none() && record.value(object, "TaskSubtype").is_null() {
        record.put(object, "TaskSubtype", Value::text("Task"));
    }
    let closed = says(org, "TaskStatus", "IsClosed", record.value(object, "Status"));
    let urgent = says(org, "TaskPriority", "IsHighPriority", record.value(object, "Priority"));
    record.put(object, "IsClosed", Value::Boolean(closed));
    record.put(object, "IsHighPriority", Value::Boolean(urgent));
    let was_closed = before.is_some_and(|before| before.value(object, "IsClosed").is_true());
    if closed && !was_closed {
        record.put(object, "CompletedDateTime", Value::DateTime(org.now()));
    } else if !closed {
        record.put(object, "CompletedDateTime", Value::Null);
    }
    Ok(())
}

fn says(org: &Org, table: &str, flag: &str, value: &Value) -> bool {
    let Some(object) = org.schema.object(table) else { return false };
    let found = org.live(table).find(|row| row.value(object, "ApiName").index_key() == value.index_key());
    found.is_some_and(|row| row.value(object, flag).is_true())
}
