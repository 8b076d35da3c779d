//! Writing values of a person, with their history; the next run of the sync takes them up.

use domain::people::{ChangeOrigin, EMAIL, Person, PersonSnapshot, Values, email_key};
use domain::value::{Timestamp, WorkspaceId};
use storage::people::changes::PersonChange;
use storage::people::{changes, person};
use storage::{StorageError, Write};

/// Writes values of a person whom nobody else can edit before the transaction ends; gives what it is like then. Values
/// that stay the same are left alone.
pub(super) async fn write_values(
    write: &Write,
    workspace: WorkspaceId,
    known: &Person,
    values: &Values,
    (origin, origin_id): (ChangeOrigin, &str),
    now: Timestamp,
) -> Result<PersonSnapshot, StorageError> {
    let mut after = known.snapshot.clone();
    let mut history = Vec::new();
    for (name, value) in values {
        let old_value = after.values.get(name).cloned().unwrap_or_default();
        if old_value == *value {
            continue;
        }
        after.values.insert(name.clone(), value.clone());
        after.edited_at.insert(name.clone(), now);
        history.push(PersonChange {
            id: storage::ids::new(now),
            person: known.id,
            at: now,
            field: name.clone(),
            old_value,
            new_value: value.clone(),
            origin,
            origin_id: origin_id.to_owned(),
        });
    }
    if history.is_empty() {
        return Ok(after);
    }
    after.version += 1;
    let seen = (known.id, known.snapshot.version);
    let key = email_key(after.values.get(EMAIL).map_or("", String::as_str));
    person::save_values(write, workspace, seen, &after, &key, true, now).await?;
    changes::add_many(write, workspace, &history).await?;
    Ok(after)
}
