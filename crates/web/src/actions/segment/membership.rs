//! Whether one person is in a segment, and which terms say so.

use crate::state::AppState;
use domain::people::email_key;
use domain::segment::{PersonFacts, Segment, explain, is_member, resolve};
use domain::value::{FieldProblem, PersonId, SegmentId, WorkspaceId};
use storage::StorageError;
use storage::segment::{context, facts};

/// What is said of a person.
#[derive(Clone, Debug)]
pub(crate) enum Explained {
    /// The address is none.
    NotAnAddress,
    /// No person has it.
    NoPerson,
    /// The condition can't be asked.
    Broken(Vec<FieldProblem>),
    /// In or out, and which terms hold, group by group.
    Known {
        /// The person.
        person: PersonId,
        /// What is known of it.
        facts: Box<PersonFacts>,
        /// It belongs to the segment.
        is_member: bool,
        /// Which terms hold.
        terms: Vec<Vec<bool>>,
    },
}

/// Why the person with an address is in a segment, or is not.
pub(crate) async fn why(
    state: &AppState,
    workspace: WorkspaceId,
    segment: &Segment,
    address: &str,
) -> Result<Explained, StorageError> {
    let key = email_key(address);
    if key.is_empty() {
        return Ok(Explained::NotAnAddress);
    }
    let read = state.database.read();
    let context = context::find(&read, workspace, state.clock.now()).await?;
    let resolved = match resolve(&segment.condition, &context, Some(segment.id)) {
        Ok(resolved) => resolved,
        Err(problems) => return Ok(Explained::Broken(problems)),
    };
    let Some((person, facts)) = facts::of_address(&read, workspace, &key).await? else {
        return Ok(Explained::NoPerson);
    };
    Ok(Explained::Known {
        person,
        is_member: is_member(&resolved, &facts),
        terms: explain(&resolved, &facts),
        facts: Box::new(facts),
    })
}

/// Whether the person with an address belongs to a segment; `None` if that can't be told. An address that no person has
/// belongs to none.
pub(crate) async fn has(
    state: &AppState,
    workspace: WorkspaceId,
    segment: SegmentId,
    email_key: &str,
) -> Result<Option<bool>, StorageError> {
    let read = state.database.read();
    let context = context::find(&read, workspace, state.clock.now()).await?;
    let Some(segment) = context.segments.get(&segment) else { return Ok(None) };
    let Ok(resolved) = resolve(&segment.condition, &context, Some(segment.id)) else { return Ok(None) };
    let found = facts::of_address(&read, workspace, email_key).await?;
    Ok(Some(found.is_some_and(|(_, facts)| is_member(&resolved, &facts))))
}
