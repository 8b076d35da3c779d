//! Saving and removing segments.

use crate::actions::router::lists;
use crate::actions::segment::count::{fill, prepare};
use crate::state::AppState;
use domain::segment::{
    FactKind, MAX_SEGMENTS, Segment, SegmentCondition, SegmentContext, SegmentTerm, check_segment_name,
    resolve,
};
use domain::value::{FieldProblem, SegmentId, Step, WorkspaceId, tidy_line};
use storage::StorageError;
use storage::segment::{context, segments, values};
use storage::workspace::audit;

/// A segment as somebody wants it.
#[derive(Clone, Debug)]
pub(crate) struct SegmentInput {
    /// What it is to be called.
    pub(crate) name: String,
    /// Whom it is to have.
    pub(crate) condition: SegmentCondition,
    /// The version that was changed; without one it is replaced whatever it is like now.
    pub(crate) seen: Option<u64>,
}

/// Why a segment is not saved.
#[derive(Debug)]
pub(crate) enum SegmentRefusal {
    /// There is no such segment.
    NotFound,
    /// What is wrong with it.
    Faults(Vec<FieldProblem>),
}

/// Saves a segment: a new one without an ID.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    id: Option<SegmentId>,
    input: SegmentInput,
    actor: &str,
) -> Result<Result<Segment, SegmentRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    values::hold(&write, workspace).await?;
    let mut context = context::find(&write, workspace, now).await?;
    let before = match id {
        None => None,
        Some(id) => match context.segments.get(&id) {
            Some(before) => Some(before.clone()),
            None => return Ok(Err(SegmentRefusal::NotFound)),
        },
    };
    let refused = |problems: Vec<FieldProblem>| Ok(Err(SegmentRefusal::Faults(problems)));
    if before.as_ref().is_some_and(|before| input.seen.is_some_and(|seen| seen != before.version)) {
        return refused(vec![FieldProblem::new("", "changed-meanwhile")]);
    }
    if before.is_none() && context.segments.len() >= MAX_SEGMENTS {
        return refused(vec![FieldProblem::new("", "segment-too-many").with("max", MAX_SEGMENTS)]);
    }
    let name = tidy_line(&input.name);
    let others = context.segments.values().filter(|other| Some(other.id) != id);
    let mut problems: Vec<FieldProblem> = check_segment_name(&name, others).into_iter().collect();
    let resolved = match resolve(&input.condition, &context, id) {
        Ok(resolved) if problems.is_empty() => resolved,
        Ok(_) => return refused(problems),
        Err(faults) => {
            problems.extend(faults);
            return refused(problems);
        }
    };
    let seen = before.as_ref().map_or(0, |before| before.version);
    let segment = Segment {
        id: id.unwrap_or_else(|| storage::ids::new(now)),
        name,
        condition: input.condition,
        version: seen + 1,
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        updated_at: now,
    };
    context.segments.insert(segment.id, segment.clone());
    if let Some(problem) = prepare(&write, workspace, &resolved, &context).await? {
        return refused(vec![problem]);
    }
    let code = match &before {
        None => {
            segments::create(&write, workspace, &segment).await?;
            "segment-created"
        }
        Some(_) => {
            segments::replace(&write, workspace, &segment, seen).await?;
            "segment-changed"
        }
    };
    let step = Step::new(code).with("name", &segment.name);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    fill(state, workspace).await?;
    Ok(Ok(segment))
}

/// What became of the wish to remove a segment.
pub(crate) enum SegmentRemoved {
    /// It is gone.
    Removed,
    /// There was none.
    NotFound,
    /// These segments and published charts name it.
    InUse(Vec<String>),
}

/// Removes a segment that no other one names.
pub(crate) async fn remove(
    state: &AppState,
    workspace: WorkspaceId,
    id: SegmentId,
    actor: &str,
) -> Result<SegmentRemoved, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    values::hold(&write, workspace).await?;
    let context = context::find(&write, workspace, now).await?;
    let Some(segment) = context.segments.get(&id) else { return Ok(SegmentRemoved::NotFound) };
    let mut users = users(&context, id);
    users.extend(lists::users(&write, workspace, &segment.list_name()).await?);
    if !users.is_empty() {
        return Ok(SegmentRemoved::InUse(users));
    }
    segments::remove(&write, workspace, id).await?;
    let step = Step::new("segment-removed").with("name", &segment.name);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(SegmentRemoved::Removed)
}

/// The names of the segments that name one.
fn users(context: &SegmentContext, id: SegmentId) -> Vec<String> {
    let name = id.to_string();
    let names_it = |segment: &&Segment| {
        segment.condition.groups.iter().flat_map(|group| &group.terms).any(|term| match term {
            SegmentTerm::Fact(fact) => fact.kind == FactKind::Segment && fact.name == name,
            SegmentTerm::Field(_) => false,
        })
    };
    context.segments.values().filter(names_it).map(|segment| segment.name.clone()).collect()
}
