//! Who names a router or a booking page, so that nobody takes it away from under them (G3).

use domain::form::AfterSubmission;
use domain::router::Router;
use domain::tag::{TagSettings, Then};
use domain::value::{FieldProblem, WorkspaceId};
use storage::form::forms;
use storage::router::{lists, routers};
use storage::workspace::settings;
use storage::{Session, StorageError};

/// Names that one problem tells.
const MAX_NAMED: usize = 5;

/// The forms that lead to a router; they name it by its address.
pub(super) async fn forms_of(
    on: &impl Session,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Vec<String>, StorageError> {
    let all = forms::list(on, workspace).await?;
    let leads = |then: &AfterSubmission| matches!(then, AfterSubmission::Router { router: named } if *named == router.slug);
    Ok(all.into_iter().filter(|form| leads(&form.then)).map(|form| form.title).collect())
}

/// What keeps a router from being archived: forms and the website tag lead visitors to it.
pub(super) async fn archive_problems(
    on: &impl Session,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Vec<FieldProblem>, StorageError> {
    let tag = settings::find::<TagSettings>(on, workspace).await?;
    let leads = |then: Then| then == Then::Router { router: router.id };
    let tag_forms = tag.forms.iter().filter(|form| leads(form.then)).map(|form| form.name.clone()).collect();
    let rules = tag.rules.iter().filter(|rule| leads(rule.then)).map(|rule| rule.url.clone()).collect();
    let forms = forms_of(on, workspace, router).await?;
    let mut problems: Vec<FieldProblem> = [
        named("", "router-in-forms", forms),
        named("", "router-in-tag-forms", tag_forms),
        named("", "router-in-rules", rules),
    ]
    .into_iter()
    .flatten()
    .collect();
    if leads(tag.other_forms.then) {
        problems.push(FieldProblem::new("", "router-in-other-forms"));
    }
    Ok(problems)
}

/// What keeps a booking page's address as it is: published charts and lists name it.
pub(crate) async fn page_problems(
    on: &impl Session,
    workspace: WorkspaceId,
    path: &str,
) -> Result<Vec<FieldProblem>, StorageError> {
    let mut charts = Vec::new();
    for router in routers::list(on, workspace).await? {
        let version = routers::find_version(on, workspace, router.id, router.published).await?;
        if version.is_some_and(|version| version.chart.pages().contains(path)) {
            charts.push(router.name);
        }
    }
    let naming = lists::naming_page(on, workspace, path).await?;
    let in_charts = named("slug", "page-in-routers", charts);
    Ok(in_charts.into_iter().chain(named("slug", "page-in-lists", naming)).collect())
}

fn named(field: &str, code: &str, names: Vec<String>) -> Option<FieldProblem> {
    let mut told: Vec<String> = names.into_iter().take(MAX_NAMED + 1).collect();
    if told.len() > MAX_NAMED {
        told[MAX_NAMED] = "…".to_owned();
    }
    (!told.is_empty()).then(|| FieldProblem::new(field, code).with("names", told.join(", ")))
}
