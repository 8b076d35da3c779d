//! Saving, checking and publishing routers, as the console and the API both do it (G3).

use crate::actions::router::context;
use crate::actions::router::users::forms_of;
use crate::state::AppState;
use domain::router::{
    Chart, MAX_NODES, NodeFault, Router, RouterLink, RouterVersion, check_chart, check_node_ids, check_router,
};
use domain::value::{FieldProblem, Step, WorkspaceId, tidy_line};
use storage::StorageError;
use storage::router::drafts::FormerDraft;
use storage::router::routers::RouterSaved;
use storage::router::{drafts, routers};
use storage::workspace::audit;

/// What somebody wants a router to be.
#[derive(Clone, Debug)]
pub(crate) struct RouterInput {
    /// Its part of the address.
    pub(crate) slug: String,
    /// What it is called.
    pub(crate) name: String,
    /// The chart.
    pub(crate) chart: Chart,
}

/// Makes a router, or saves the draft of `known`; a chart with faults can be saved, but not published.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    known: Option<&Router>,
    input: RouterInput,
    actor: &str,
) -> Result<Result<Router, Vec<FieldProblem>>, StorageError> {
    let (slug, name) = (input.slug.trim().to_owned(), tidy_line(&input.name));
    let mut problems = check_router(&slug, &name);
    if input.chart.nodes.len() > MAX_NODES {
        problems.push(FieldProblem::new("nodes", "too-many").with("max", MAX_NODES));
    }
    problems.extend(check_node_ids(&input.chart));
    if let Some(known) = known.filter(|known| known.slug != slug) {
        problems.extend(in_use(state, workspace, known).await?);
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let now = state.clock.now();
    let router = Router {
        id: known.map_or_else(|| storage::ids::new(now), |known| known.id),
        slug,
        name,
        draft: input.chart,
        draft_version: known.map_or(1, |known| known.draft_version + 1),
        published: known.map_or(0, |known| known.published),
        updated_at: now,
        archived_at: known.and_then(|known| known.archived_at),
        link: known.map_or_else(RouterLink::default, |known| known.link),
    };
    let write = state.database.write().await?;
    let (saved, code) = match known {
        None => (routers::create(&write, workspace, &router).await?, "router-made"),
        Some(known) => {
            (routers::save_draft(&write, workspace, &router, known.draft_version).await?, "router-saved")
        }
    };
    match saved {
        RouterSaved::Saved => {}
        RouterSaved::SlugTaken => {
            return Ok(Err(vec![FieldProblem::new("slug", "taken").with("value", &router.slug)]));
        }
        RouterSaved::ChangedMeanwhile => return Ok(Err(vec![changed_meanwhile()])),
    }
    if let Some(known) = known.filter(|known| known.draft != router.draft) {
        let former = FormerDraft {
            version: known.draft_version,
            chart: known.draft.clone(),
            replaced_by: actor.to_owned(),
            replaced_at: now,
        };
        drafts::keep(&write, workspace, known.id, &former).await?;
    }
    audit::record(&write, workspace, actor, &Step::new(code).with("router", &router.slug), now).await?;
    write.commit().await?;
    Ok(Ok(router))
}

/// Makes the draft that was replaced last the draft again. `Ok(None)` if there is none.
pub(crate) async fn undo(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    actor: &str,
) -> Result<Result<Option<Router>, Vec<FieldProblem>>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(former) = drafts::find_latest(&write, workspace, router.id).await? else { return Ok(Ok(None)) };
    let restored = Router {
        draft: former.chart,
        draft_version: router.draft_version + 1,
        updated_at: now,
        ..router.clone()
    };
    match routers::save_draft(&write, workspace, &restored, router.draft_version).await? {
        RouterSaved::Saved => {}
        RouterSaved::SlugTaken | RouterSaved::ChangedMeanwhile => return Ok(Err(vec![changed_meanwhile()])),
    }
    drafts::remove(&write, workspace, router.id, former.version).await?;
    let step = Step::new("router-undone").with("router", &router.slug);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(Ok(Some(restored)))
}

/// The problem of whoever changes a draft that is no longer what they saw.
pub(crate) fn changed_meanwhile() -> FieldProblem {
    FieldProblem::new("", "changed-meanwhile")
}

/// What keeps a router's draft from being published.
pub(crate) async fn check(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Vec<NodeFault>, StorageError> {
    Ok(check_chart(&router.draft, &context::find(state, workspace).await?))
}

/// Publishes the draft; the faults if it has some.
pub(crate) async fn publish(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    actor: &str,
) -> Result<Result<u32, Vec<FieldProblem>>, StorageError> {
    if router.archived_at.is_some() {
        return Ok(Err(vec![FieldProblem::new("", "router-archived")]));
    }
    let faults = check(state, workspace, router).await?;
    if !faults.is_empty() {
        return Ok(Err(faults.into_iter().map(as_field_problem).collect()));
    }
    let decides =
        routers::find_version(&state.database.read(), workspace, router.id, router.published).await?;
    if let Some(decides) = decides.filter(|decides| decides.chart == router.draft) {
        return Ok(Ok(decides.version));
    }
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(version) = routers::publish(&write, workspace, router, actor, now).await? else {
        return Ok(Err(vec![changed_meanwhile()]));
    };
    let step = Step::new("router-published").with("router", &router.slug).with("version", version);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(Ok(version))
}

/// Makes a published version the draft again.
pub(crate) async fn restore(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    version: RouterVersion,
    actor: &str,
) -> Result<Result<Router, Vec<FieldProblem>>, StorageError> {
    let input = RouterInput { slug: router.slug.clone(), name: router.name.clone(), chart: version.chart };
    save(state, workspace, Some(router), input, actor).await
}

/// A fault of a node as a fault of a field: `nodes.big.next.match`.
pub(crate) fn as_field_problem(found: NodeFault) -> FieldProblem {
    let NodeFault { node, mut fault } = found;
    if !node.is_empty() {
        let dot = if fault.field.is_empty() { "" } else { "." };
        fault.field = format!("nodes.{node}{dot}{}", fault.field);
    }
    fault
}

/// A router that forms name keeps its address: they would lead nowhere, or to whoever takes the address next.
async fn in_use(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Option<FieldProblem>, StorageError> {
    let forms = forms_of(&state.database.read(), workspace, router).await?;
    let names: Vec<&str> = forms.iter().map(String::as_str).take(5).collect();
    let problem = || FieldProblem::new("slug", "router-in-use").with("forms", names.join(", "));
    Ok((!names.is_empty()).then(problem))
}
