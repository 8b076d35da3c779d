//! Saving forms, as the console and the API both do it (F1–F3).

use crate::actions::dry_run::routing_of;
use crate::actions::org_request::request_and_wait;
use crate::actions::refusal::Refusal;
use crate::state::AppState;
use domain::form::{
    AfterSubmission, Answer, Answers, Form, FormField, ROUTING, check_answers, check_form, with_lengths,
};
use domain::value::{FieldProblem, FormId, Language, Step, WorkspaceId};
use std::time::Duration;
use storage::StorageError;
use storage::booking::pages;
use storage::form::forms;
use storage::form::forms::FormSaved;
use storage::org::descriptions;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::router::routers;
use storage::workspace::audit;

/// How a form is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormChange {
    /// The form is new.
    Created,
    /// The form replaces the one with its ID, which had this version when it was seen.
    Replaced {
        /// The version.
        seen: u32,
    },
}

/// Checks a form and saves it, or gives every problem, those known before first.
///
/// A form is published only when the org would accept what it sends; the org is asked each time an active form is saved.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    mut form: Form,
    change: FormChange,
    known: Vec<FieldProblem>,
    actor: &str,
    patience: Duration,
) -> Result<Result<Form, Refusal>, StorageError> {
    let mut problems = known;
    problems.extend(check_form(&form));
    problems.extend(check_then(state, workspace, &form).await?);
    if form.active && form.salesforce.object.is_empty() {
        problems.push(FieldProblem::new("salesforce.object", "required"));
    }
    if form.active && problems.is_empty() {
        match missing_for_publishing(state, workspace, &form, patience).await? {
            Ok(missing) => problems.extend(missing),
            Err(unanswered) => return Ok(Err(Refusal::Unanswered(unanswered))),
        }
    }
    if !problems.is_empty() {
        return Ok(Err(Refusal::Fields(problems)));
    }
    if let Some(known) =
        descriptions::find(&state.database.read(), workspace, &form.salesforce.object).await?
    {
        form = with_lengths(form, &known.description);
    }
    store(state, workspace, form, change, actor).await
}

/// What the org has against a form; an error is what came instead of its answer.
pub(crate) async fn missing_for_publishing(
    state: &AppState,
    workspace: WorkspaceId,
    form: &Form,
    patience: Duration,
) -> Result<Result<Vec<FieldProblem>, Option<OrgResponse>>, StorageError> {
    let question = OrgRequest::FormCheck { form: Box::new(form.clone()) };
    Ok(match request_and_wait(state, workspace, &question, patience).await? {
        Some(OrgResponse::FormChecked { problems }) => Ok(problems),
        other => Err(other),
    })
}

/// The booking page or the router that comes after the form has to be there.
async fn check_then(
    state: &AppState,
    workspace: WorkspaceId,
    form: &Form,
) -> Result<Option<FieldProblem>, StorageError> {
    let read = state.database.read();
    let named = |value: &str| value.chars().take(80).collect::<String>();
    let page = match &form.then {
        AfterSubmission::Page { page } => page,
        AfterSubmission::Router { router } => {
            let found = routers::find_by_slug(&read, workspace, router).await?;
            return Ok(match found {
                None => Some(FieldProblem::new("then.router", "no-such-router").with("value", named(router))),
                Some(found) if !found.decides() => {
                    let problem = FieldProblem::new("then.router", "router-not-published");
                    Some(problem.with("router", found.name))
                }
                Some(_) => None,
            });
        }
        AfterSubmission::Message { .. } | AfterSubmission::Redirect { .. } => return Ok(None),
    };
    let found = match page.split_once('/') {
        Some((team, slug)) => pages::find_by_path(&read, workspace, team, slug).await?,
        None => None,
    };
    let problem = FieldProblem::new("then.page", "no-such-page");
    Ok(found.is_none_or(|page| !page.active).then(|| problem.with("value", named(page))))
}

async fn store(
    state: &AppState,
    workspace: WorkspaceId,
    mut form: Form,
    change: FormChange,
    actor: &str,
) -> Result<Result<Form, Refusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let (saved, code) = match change {
        FormChange::Created => {
            form.version = 1;
            (forms::create(&write, workspace, &form, now).await?, "form-made")
        }
        FormChange::Replaced { seen } => {
            form.version = seen + 1;
            (forms::replace(&write, workspace, &form, seen, now).await?, "form-saved")
        }
    };
    let refused = |problem: FieldProblem| Ok(Err(Refusal::Fields(vec![problem])));
    match saved {
        FormSaved::Saved => {}
        FormSaved::SlugTaken => return refused(FieldProblem::new("slug", "taken").with("value", &form.slug)),
        FormSaved::ChangedMeanwhile => return refused(FieldProblem::new("", "changed-meanwhile")),
    }
    audit::record(&write, workspace, actor, &Step::new(code).with("form", &form.slug), now).await?;
    write.commit().await?;
    Ok(Ok(form))
}

/// Removes a form; what was sent by it stays. `false` when it isn't there.
pub(crate) async fn remove(
    state: &AppState,
    workspace: WorkspaceId,
    form: (FormId, &str),
    actor: &str,
) -> Result<bool, StorageError> {
    let write = state.database.write().await?;
    if !forms::remove(&write, workspace, form.0).await? {
        return Ok(false);
    }
    let step = Step::new("form-removed").with("form", form.1);
    audit::record(&write, workspace, actor, &step, state.clock.now()).await?;
    write.commit().await?;
    Ok(true)
}

/// The request for a dry run of a form, or every problem of what was typed; it needn't answer every question.
pub(crate) fn dry_run(
    form: &Form,
    answers: &Answers,
    language: Language,
) -> Result<OrgRequest, Vec<FieldProblem>> {
    let questions: Vec<FormField> =
        form.fields.iter().map(|field| FormField { required: false, ..field.clone() }).collect();
    let mut answers = check_answers(&questions, answers)?;
    if matches!(form.then, AfterSubmission::Router { .. }) {
        let routing = routing_of(&form.salesforce.mappings, language);
        answers.extend(routing.map(|text| (ROUTING.to_owned(), Answer::One(text))));
    }
    Ok(OrgRequest::FormDryRun { form: Box::new(form.clone()), answers })
}
