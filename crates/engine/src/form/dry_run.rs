//! What a submission would do in Salesforce now, and why; nothing is written (K20).

use crate::delivery::decide::lookup_step;
use crate::delivery::job::DecisionContext;
use crate::delivery::lookup::{LookupError, look_up};
use crate::delivery::subjects::submission_job;
use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::connected::{OrgError, connected, with_renewal};
use domain::delivery::{Delivery, DeliveryKind, DeliveryState, SalesforceSettings};
use domain::form::{Answers, Form, Submission, SubmissionState, consents_of, email_of, questions_of};
use domain::run::ApiFeature;
use domain::value::{Language, Timestamp, WorkspaceId};
use std::sync::Arc;
use storage::org_request::OrgResponse;
use storage::workspace::{settings, workspaces};

/// Decides as a real submission's delivery would, as if it were due now.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    form: Form,
    answers: Answers,
) -> Result<OrgResponse, OrgError> {
    let now = engine.clock.now();
    let read = engine.database.read();
    let submission = simulate(&form, answers, now);
    let delivery = Delivery::new(
        storage::ids::new(now),
        submission.id.into(),
        DeliveryKind::Record,
        DeliveryState::Due,
        now,
    );
    let jobs = [submission_job(delivery, Arc::new(submission), Arc::new(form))];
    let mut org = connected(engine, workspace).await?;
    let asked = jobs.as_slice();
    let ask = |org| async move { look_up(&engine.database, workspace, &org, asked, now).await };
    let found = match with_renewal(engine, workspace, &mut org, ask, LookupError::is_session_ended).await? {
        Ok(found) => found,
        Err(LookupError::Org(error)) => return Err(OrgError::Unavailable(error.to_string())),
        Err(LookupError::Storage(error)) => return Err(error.into()),
    };
    api_calls::count(engine, workspace, ApiFeature::DryRun, u64::from(found.calls)).await?;
    let settings = settings::find::<SalesforceSettings>(&read, workspace).await?;
    let about = workspaces::find(&read, workspace).await?.ok_or(OrgError::NotConnected)?;
    let [job] = &jobs;
    let context = DecisionContext { found: &found, settings: &settings, workspace: &about, now };
    let mut plan = (job.decide)(&job.delivery, &context);
    plan.steps.splice(0..0, lookup_step(&job.needs, &found));
    Ok(OrgResponse::DryRun { plans: vec![(DeliveryKind::Record, plan)] })
}

fn simulate(form: &Form, answers: Answers, now: Timestamp) -> Submission {
    let language = Language::Japanese;
    Submission {
        id: storage::ids::new(now),
        form: form.id,
        form_slug: form.slug.clone(),
        form_title: form.title.clone(),
        form_version: form.version,
        questions: questions_of(form, &answers, language),
        consents: consents_of(form, &answers, language),
        email: email_of(form, &answers),
        answers,
        page_url: String::new(),
        language,
        state: SubmissionState::Accepted,
        spam_signs: Vec::new(),
        repeats: None,
        external_id: None,
        created_at: now,
    }
}
