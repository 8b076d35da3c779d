//! Everything that is known of a person, for its page and for the person.

use crate::state::AppState;
use domain::booking::Booking;
use domain::form::Submission;
use domain::people::{Consent, Person, PersonMerge};
use domain::value::{PersonId, WorkspaceId};
use storage::StorageError;
use storage::booking::bookings;
use storage::form::submissions;
use storage::people::conflicts::StoredConflict;
use storage::people::{conflicts, consents, merges};

/// Of each kind of thing, so many at most.
const MOST: u32 = 500;

/// What is known besides values and history.
#[derive(Debug, Default)]
pub(crate) struct Dossier {
    /// Merges into the person that were not undone.
    pub(crate) merges: Vec<PersonMerge>,
    /// What was agreed to or refused, also by those who were merged into it.
    pub(crate) consents: Vec<Consent>,
    /// Values that lost.
    pub(crate) conflicts: Vec<StoredConflict>,
    /// Forms that were sent with the address.
    pub(crate) submissions: Vec<Submission>,
    /// Meetings that were booked with the address.
    pub(crate) bookings: Vec<Booking>,
}

/// Gathers it.
pub(crate) async fn gather(
    state: &AppState,
    workspace: WorkspaceId,
    person: &Person,
) -> Result<Dossier, StorageError> {
    let read = state.database.read();
    let merges = merges::of_winner(&read, workspace, person.id).await?;
    let same: Vec<PersonId> =
        std::iter::once(person.id).chain(merges.iter().map(|merge| merge.loser)).collect();
    let mut agreed = Vec::new();
    for id in same {
        agreed.extend(consents::of_person(&read, workspace, id, MOST).await?);
    }
    agreed.sort_by_key(|consent| std::cmp::Reverse(consent.at));
    let key = person.email_key();
    let (mut sent, mut booked) = (Vec::new(), Vec::new());
    if !key.is_empty() {
        sent = submissions::of_email(&read, workspace, &key, MOST).await?;
        booked = bookings::of_email(&read, workspace, &key, MOST).await?;
    }
    Ok(Dossier {
        merges,
        consents: agreed,
        conflicts: conflicts::list(&read, workspace, Some(person.id), None, MOST).await?,
        submissions: sent,
        bookings: booked,
    })
}
