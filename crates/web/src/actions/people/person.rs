//! Adding and editing a person.

use crate::actions::people::write_values::write_values;
use domain::mailing::SuppressionReason;
use domain::people::{
    ChangeOrigin, Consent, ConsentSource, EMAIL, Person, PersonFields, PersonSnapshot, Values, email_key,
};
use domain::value::{FieldProblem, PersonId, WorkspaceId, clean_text};
use std::collections::BTreeMap;
use storage::mailing::suppressions;
use storage::people::changes::PersonChange;
use storage::people::{changes, consents, person};
use storage::workspace::settings;
use storage::{StorageError, Write};

use crate::state::AppState;

/// Characters of a value at most, as long texts of the org hold.
const MAX_VALUE: usize = 32_768;

/// Who edits, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Editor<'a> {
    /// Where the change is made.
    pub(crate) origin: ChangeOrigin,
    /// By whom.
    pub(crate) actor: &'a str,
}

/// Why a person could not be saved.
#[derive(Debug)]
pub(crate) enum PersonRefusal {
    /// There is no such person.
    NotFound,
    /// Values that can't be.
    Fields(Vec<FieldProblem>),
}

/// Adds a person.
pub(crate) async fn add(
    state: &AppState,
    workspace: WorkspaceId,
    given: &BTreeMap<String, Option<String>>,
    editor: Editor<'_>,
) -> Result<Result<Person, PersonRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let fields = settings::find::<PersonFields>(&write, workspace).await?;
    let (values, mut problems) = read(given, &fields);
    if values.get(EMAIL).is_none_or(String::is_empty) {
        problems.retain(|problem| problem.field != place(EMAIL));
        problems.push(FieldProblem::new(place(EMAIL), "required"));
    }
    if !problems.is_empty() {
        return Ok(Err(PersonRefusal::Fields(problems)));
    }
    let edited_at = values.keys().map(|name| (name.clone(), now)).collect();
    let person = Person {
        id: storage::ids::new::<PersonId>(now),
        snapshot: PersonSnapshot { version: 1, values, edited_at },
        opted_out: false,
        opt_out_pending: false,
        is_pending: true,
        create_over_at: None,
        created_at: now,
        updated_at: now,
    };
    if !person::add(&write, workspace, &person).await? {
        return Ok(Err(PersonRefusal::Fields(vec![taken(&person.email_key())])));
    }
    note(&write, workspace, &person, &PersonSnapshot::default(), editor, now).await?;
    write.commit().await?;
    Ok(Ok(person))
}

/// Edits values of a person; it is synced next.
pub(crate) async fn edit(
    state: &AppState,
    workspace: WorkspaceId,
    id: PersonId,
    (given, opted_out): (&BTreeMap<String, Option<String>>, Option<bool>),
    editor: Editor<'_>,
) -> Result<Result<Person, PersonRefusal>, StorageError> {
    let write = state.database.write().await?;
    let fields = settings::find::<PersonFields>(&write, workspace).await?;
    let (values, problems) = read(given, &fields);
    if !problems.is_empty() {
        return Ok(Err(PersonRefusal::Fields(problems)));
    }
    match apply(state, &write, workspace, id, (&values, opted_out), editor).await? {
        Ok(person) => {
            write.commit().await?;
            Ok(Ok(person))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Edits values of a person within a transaction.
pub(crate) async fn apply(
    state: &AppState,
    write: &Write,
    workspace: WorkspaceId,
    id: PersonId,
    (values, opted_out): (&Values, Option<bool>),
    editor: Editor<'_>,
) -> Result<Result<Person, PersonRefusal>, StorageError> {
    let now = state.clock.now();
    let Some(mut person) = person::find_to_edit(write, workspace, id).await? else {
        return Ok(Err(PersonRefusal::NotFound));
    };
    let wanted = values.get(EMAIL).map(|address| email_key(address));
    if let Some(key) = wanted.filter(|key| !key.is_empty()) {
        let owner = person::by_email(write, workspace, std::slice::from_ref(&key)).await?;
        if owner.iter().any(|other| other.id != id) {
            return Ok(Err(PersonRefusal::Fields(vec![taken(&key)])));
        }
    }
    let cause = (editor.origin, editor.actor);
    person.snapshot = write_values(write, workspace, &person, values, cause, now).await?;
    if let Some(opted_out) = opted_out.filter(|opted_out| *opted_out != person.opted_out) {
        person::set_opted_out(write, workspace, id, opted_out, now).await?;
        let change = PersonChange {
            id: storage::ids::new(now),
            person: id,
            at: now,
            field: "opted_out".to_owned(),
            old_value: person.opted_out.to_string(),
            new_value: opted_out.to_string(),
            origin: editor.origin,
            origin_id: editor.actor.to_owned(),
        };
        changes::add(write, workspace, &change).await?;
        let consent = Consent {
            person: id,
            at: now,
            is_given: !opted_out,
            source: match editor.origin {
                ChangeOrigin::Api => ConsentSource::Api,
                ChangeOrigin::Mail => ConsentSource::Mail,
                _ => ConsentSource::Console,
            },
            source_id: editor.actor.to_owned(),
            wording: String::new(),
            version: 0,
        };
        consents::add_many(write, workspace, &[consent]).await?;
        let (key, reason) = (person.email_key(), SuppressionReason::Unsubscribed);
        match opted_out {
            _ if key.is_empty() => {}
            true => suppressions::add(write, workspace, &key, reason, now).await?,
            false => suppressions::remove(write, workspace, &key, reason).await?,
        }
        person.opted_out = opted_out;
    }
    person.updated_at = now;
    Ok(Ok(person))
}

async fn note(
    write: &Write,
    workspace: WorkspaceId,
    person: &Person,
    before: &PersonSnapshot,
    editor: Editor<'_>,
    now: domain::value::Timestamp,
) -> Result<(), StorageError> {
    for (field, value) in &person.snapshot.values {
        let old = before.values.get(field).cloned().unwrap_or_default();
        if old != *value {
            let change = PersonChange {
                id: storage::ids::new(now),
                person: person.id,
                at: now,
                field: field.clone(),
                old_value: old,
                new_value: value.clone(),
                origin: editor.origin,
                origin_id: editor.actor.to_owned(),
            };
            changes::add(write, workspace, &change).await?;
        }
    }
    Ok(())
}

/// Values as they were given: texts of fields that are there. Whether the org takes them is told by the sync.
fn read(given: &BTreeMap<String, Option<String>>, fields: &PersonFields) -> (Values, Vec<FieldProblem>) {
    let (mut values, mut problems) = (Values::new(), Vec::new());
    for (name, value) in given {
        if fields.find(name).is_none() {
            problems.push(FieldProblem::new(place(name), "no-such-person-field").with("value", name));
            continue;
        }
        let value = clean_text(value.as_deref().unwrap_or_default()).trim().to_owned();
        if value.chars().count() > MAX_VALUE {
            problems.push(FieldProblem::new(place(name), "too-long").with("max", MAX_VALUE));
        } else if name == EMAIL && !value.is_empty() && email_key(&value).is_empty() {
            problems.push(FieldProblem::new(place(name), "not-an-email"));
        }
        values.insert(name.clone(), value);
    }
    (values, problems)
}

fn taken(key: &str) -> FieldProblem {
    FieldProblem::new(place(EMAIL), "taken").with("value", key)
}

fn place(name: &str) -> String {
    format!("fields.{name}")
}
