//! How many people a condition means, saved or not.

use crate::state::AppState;
use domain::segment::{
    MAX_SEGMENT_FIELDS, ResolvedCondition, SegmentCondition, SegmentContext, SegmentTerm, resolve,
};
use domain::value::{FieldProblem, SegmentId, WorkspaceId};
use std::collections::BTreeSet;
use storage::segment::members::SegmentCount;
use storage::segment::{context, members, values};
use storage::{StorageError, Write};

/// Batches of people that a request fills in by itself; the worker does the rest.
const BATCHES: usize = 20;

/// What is known of the number of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// So many.
    Known(SegmentCount),
    /// Values that are compared for the first time are still being filled in.
    Preparing,
    /// The condition can't be asked, so nobody knows.
    Broken(Vec<FieldProblem>),
}

/// A condition that can be asked; `None` while values are being filled in.
pub(crate) type Ready = Result<Option<ResolvedCondition>, Vec<FieldProblem>>;

/// Counts the people whom a condition means.
pub(crate) async fn count(
    state: &AppState,
    workspace: WorkspaceId,
    condition: &SegmentCondition,
    own: Option<SegmentId>,
) -> Result<Counted, StorageError> {
    let resolved = match ready(state, workspace, condition, own).await? {
        Ok(Some(resolved)) => resolved,
        Ok(None) => return Ok(Counted::Preparing),
        Err(problems) => return Ok(Counted::Broken(problems)),
    };
    let counted = members::count(&state.database.read(), workspace, &resolved).await?;
    Ok(counted.map_or(Counted::Preparing, Counted::Known))
}

/// Gets a condition ready to be asked, and fills in what it compares as far as a request may.
pub(crate) async fn ready(
    state: &AppState,
    workspace: WorkspaceId,
    condition: &SegmentCondition,
    own: Option<SegmentId>,
) -> Result<Ready, StorageError> {
    let context = context::find(&state.database.read(), workspace, state.clock.now()).await?;
    let resolved = match resolve(condition, &context, own) {
        Ok(resolved) => resolved,
        Err(problems) => return Ok(Err(problems)),
    };
    if members::is_ready(&state.database.read(), workspace, &resolved).await? {
        return Ok(Ok(Some(resolved)));
    }
    let write = state.database.write().await?;
    if let Some(problem) = prepare(&write, workspace, &resolved, &context).await? {
        return Ok(Err(vec![problem]));
    }
    write.commit().await?;
    fill(state, workspace).await?;
    let is_ready = members::is_ready(&state.database.read(), workspace, &resolved).await?;
    Ok(Ok(is_ready.then_some(resolved)))
}

/// Has the values of a condition kept for everyone from now on; the fault if segments compare too many fields.
pub(super) async fn prepare(
    write: &Write,
    workspace: WorkspaceId,
    resolved: &ResolvedCondition,
    context: &SegmentContext,
) -> Result<Option<FieldProblem>, StorageError> {
    let groups = context.segments.values().flat_map(|segment| &segment.condition.groups);
    let kept: BTreeSet<String> = groups
        .flat_map(|group| &group.terms)
        .filter_map(|term| match term {
            SegmentTerm::Field(condition) => Some(condition.field.clone()),
            SegmentTerm::Fact(_) => None,
        })
        .collect();
    let has_room = values::prepare(write, workspace, &resolved.fields(), &kept).await?;
    let problem = || FieldProblem::new("any", "segment-too-many-fields").with("max", MAX_SEGMENT_FIELDS);
    Ok((!has_room).then(problem))
}

/// Fills in values as far as a request may.
pub(super) async fn fill(state: &AppState, workspace: WorkspaceId) -> Result<(), StorageError> {
    if !values::fill(&state.database, workspace, BATCHES).await? {
        state.database.wake_worker();
    }
    Ok(())
}
