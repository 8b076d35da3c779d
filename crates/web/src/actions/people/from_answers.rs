//! People of whom a form or a booking tells: somebody new is added, of somebody known only what is blank is filled in.

use crate::actions::people::write_values::write_values;
use domain::form::GivenConsent;
use domain::people::{
    CREATED, ChangeOrigin, Consent, ConsentSource, EMAIL, Person, PersonSnapshot, Values, email_key,
};
use domain::value::{PersonId, Timestamp, WorkspaceId};
use storage::people::changes::PersonChange;
use storage::people::{changes, consents, erasures, person};
use storage::{StorageError, Write};

/// What tells of a person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerSource<'a> {
    /// Which kind of thing.
    pub(crate) origin: ChangeOrigin,
    /// Its ID.
    pub(crate) origin_id: &'a str,
    /// What was agreed to there.
    pub(crate) consents: &'a [GivenConsent],
}

/// Takes over what was told, within the transaction that keeps the submission or the booking. Nothing happens without an
/// e-mail address, which is the key of a person.
pub(crate) async fn add_or_fill_in(
    write: &Write,
    workspace: WorkspaceId,
    values: &Values,
    source: AnswerSource<'_>,
    now: Timestamp,
) -> Result<Option<PersonId>, StorageError> {
    let key = email_key(values.get(EMAIL).map_or("", String::as_str));
    if key.is_empty() {
        return Ok(None);
    }
    let known = person::by_email(write, workspace, std::slice::from_ref(&key)).await?.pop();
    let id = match known {
        Some(known) => {
            fill_in(write, workspace, known.id, values, source, now).await?;
            known.id
        }
        None => add(write, workspace, values, source, now).await?,
    };
    let given = source.consents.iter().map(|consent| Consent {
        person: id,
        at: now,
        is_given: true,
        source: match source.origin {
            ChangeOrigin::Booking => ConsentSource::Booking,
            _ => ConsentSource::Form,
        },
        source_id: source.origin_id.to_owned(),
        wording: [consent.label.as_str(), consent.text.as_str()].join("\n").trim().to_owned(),
        version: consent.version,
    });
    consents::add_many(write, workspace, &given.collect::<Vec<_>>()).await?;
    Ok(Some(id))
}

async fn add(
    write: &Write,
    workspace: WorkspaceId,
    values: &Values,
    source: AnswerSource<'_>,
    now: Timestamp,
) -> Result<PersonId, StorageError> {
    let edited_at = values.keys().map(|name| (name.clone(), now)).collect();
    let added = Person {
        id: storage::ids::new::<PersonId>(now),
        snapshot: PersonSnapshot { version: 1, values: values.clone(), edited_at },
        opted_out: false,
        opt_out_pending: false,
        is_pending: true,
        create_over_at: None,
        created_at: now,
        updated_at: now,
    };
    if !person::add(write, workspace, &added).await? {
        // Somebody with this address came in the same moment.
        let key = added.email_key();
        let known = person::by_email(write, workspace, &[key]).await?.pop();
        return Ok(known.map_or(added.id, |known| known.id));
    }
    // Somebody who was erased has turned up again by itself.
    erasures::unblock(write, workspace, &added.email_key()).await?;
    let change = PersonChange {
        id: storage::ids::new(now),
        person: added.id,
        at: now,
        field: CREATED.to_owned(),
        old_value: String::new(),
        new_value: String::new(),
        origin: source.origin,
        origin_id: source.origin_id.to_owned(),
    };
    changes::add(write, workspace, &change).await?;
    Ok(added.id)
}

async fn fill_in(
    write: &Write,
    workspace: WorkspaceId,
    id: PersonId,
    values: &Values,
    source: AnswerSource<'_>,
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(known) = person::find_to_edit(write, workspace, id).await? else { return Ok(()) };
    let is_blank = |name: &String| known.snapshot.values.get(name).is_none_or(|kept| kept.trim().is_empty());
    let blank: Values = values
        .iter()
        .filter(|(name, _)| is_blank(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let cause = (source.origin, source.origin_id);
    write_values(write, workspace, &known, &blank, cause, now).await.map(drop)
}
