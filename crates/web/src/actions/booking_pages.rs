//! Saving booking pages, as the console and the API both do it (B1, K10–K17).

use crate::actions::org::lead_description::lead_description;
use crate::actions::router::page_problems;
use crate::state::AppState;
use domain::booking::{BookingPage, check_page};
use domain::org::ObjectDescription;
use domain::value::{FieldProblem, Step, WorkspaceId};
use storage::StorageError;
use storage::booking::pages;
use storage::workspace::{audit, teams};

/// Whether a page is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageChange {
    /// The page is created.
    Created,
    /// The page replaces the one with its ID.
    Replaced,
}

/// Checks a page and saves it, or gives every problem, those known before first. `seen` is the version on which the
/// change is based; without one it is made whatever the page is like now.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    change: PageChange,
    known: Vec<FieldProblem>,
    seen: Option<&str>,
    actor: &str,
) -> Result<Result<(), Vec<FieldProblem>>, StorageError> {
    let mut problems = known;
    let read = state.database.read();
    // A field that was made in the org just now is not known yet: it is looked for once more before it is refused.
    let fits = |lead: Option<&ObjectDescription>| {
        check_page(page, lead).iter().all(|problem| !problem.field.starts_with("salesforce.mappings"))
    };
    let lead = lead_description(state, workspace, fits).await?;
    problems.extend(check_page(page, lead.as_ref()));
    let members = teams::list_members(&read, workspace).await?;
    if page.members.iter().any(|id| members.iter().all(|member| member.id != *id)) {
        problems.push(FieldProblem::new("members", "not-a-member"));
    }
    if problems.is_empty() {
        problems.extend(store(state, workspace, page, change, seen, actor).await?);
    }
    Ok(if problems.is_empty() { Ok(()) } else { Err(problems) })
}

/// The problems if the team has another page with that address, routers or lists name the former one, or someone has
/// saved the page since it was seen.
async fn store(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    change: PageChange,
    seen: Option<&str>,
    actor: &str,
) -> Result<Vec<FieldProblem>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if let Some(seen) = seen
        && pages::locked_version(&write, workspace, page.id).await? != seen
    {
        return Ok(vec![FieldProblem::new("", "changed-meanwhile")]);
    }
    let known = pages::find(&write, workspace, page.id).await?;
    if let Some(known) = known.filter(|known| known.path() != page.path()) {
        let problems = page_problems(&write, workspace, &known.path()).await?;
        if !problems.is_empty() {
            return Ok(problems);
        }
    }
    if !pages::save(&write, workspace, page, now).await? {
        return Ok(vec![FieldProblem::new("slug", "taken").with("value", &page.slug)]);
    }
    let step = Step::new(match change {
        PageChange::Created => "page-made",
        PageChange::Replaced => "page-saved",
    });
    audit::record(&write, workspace, actor, &step.with("page", page.path()), now).await?;
    write.commit().await?;
    Ok(Vec::new())
}
