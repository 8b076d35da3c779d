//! Answering what the console and the API ask of Salesforce.

use crate::company::preview;
use crate::delivery::{dry_run, preflight};
use crate::engagement;
use crate::engine::Engine;
use crate::form::{objects, publish_check};
use crate::mailing;
use crate::notification::test_message;
use crate::org::connected::OrgError;
use crate::router::find_record;
use crate::synced_fields::field_check;
use domain::value::{Step, WorkspaceId};
use storage::org_request::{OrgRequest, OrgResponse, RequestClaim};
use storage::{StorageError, org_request};
use tokio::task::JoinSet;

const MAX_CONCURRENT_REQUESTS: u32 = 4;
/// Questions hold addresses and answers of people; they are kept for a week.
const KEPT_MINUTES: i64 = 7 * 24 * 60;

/// Takes open questions and answers each in a task of its own; `true` when there were some.
pub(crate) async fn answer_all(engine: &Engine, tasks: &mut JoinSet<()>) -> Result<bool, StorageError> {
    let free =
        MAX_CONCURRENT_REQUESTS.saturating_sub(u32::try_from(tasks.len()).unwrap_or(MAX_CONCURRENT_REQUESTS));
    if free == 0 || !org_request::any_to_do(&engine.database.read()).await? {
        return Ok(false);
    }
    let write = engine.database.write().await?;
    let taken = org_request::claim(&write, &engine.settings.worker, engine.lease(), free).await?;
    org_request::forget_before(&write, engine.clock.now().plus_minutes(-KEPT_MINUTES)).await?;
    write.commit().await?;
    let any = !taken.is_empty();
    for (claim, question) in taken {
        let engine = engine.clone();
        tasks.spawn(async move {
            if let Err(error) = work(&engine, claim, question).await {
                // Its lease runs out, and the worker that claims it next answers it.
                tracing::warn!(workspace = %claim.workspace, %error, "an org request was broken off");
            }
            engine.database.wake_own_worker();
        });
    }
    Ok(any)
}

/// Answers a request and stores the answer. A request whose worker dies is answered by another one, from the beginning.
async fn work(engine: &Engine, claim: RequestClaim, question: OrgRequest) -> Result<(), StorageError> {
    let answer = tokio::select! {
        answer = answer(engine, claim.workspace, question) => answer,
        lost = renew_until_lost(engine, claim) => return Err(lost),
    };
    let write = engine.database.write().await?;
    org_request::complete(&write, claim, &answer).await?;
    write.commit().await
}

/// Renews the lease again and again, as a request may take many calls.
async fn renew_until_lost(engine: &Engine, claim: RequestClaim) -> StorageError {
    loop {
        tokio::time::sleep(engine.lease() / 3).await;
        let renewed = async {
            let write = engine.database.write().await?;
            org_request::renew(&write, claim, engine.lease()).await?;
            write.commit().await
        };
        match renewed.await {
            Ok(()) => {}
            Err(StorageError::LeaseLost) => return StorageError::LeaseLost,
            // The lease lasts for two more tries.
            Err(error) => tracing::warn!(%error, "the lease of an org request was not renewed"),
        }
    }
}

async fn answer(engine: &Engine, workspace: WorkspaceId, question: OrgRequest) -> OrgResponse {
    let answer = match question {
        OrgRequest::Preflight => preflight::run(engine, workspace).await,
        OrgRequest::DryRun { page, email, answers, host, routing } => {
            dry_run::run(engine, workspace, page, &email, (answers, routing), host.as_deref()).await
        }
        OrgRequest::SyncedFields { fields } => field_check::answer(engine, workspace, &fields).await,
        OrgRequest::EngagementLists { business_unit_id } => {
            engagement::unit_check::answer(engine, workspace, &business_unit_id).await
        }
        OrgRequest::TestNotification { channel } => {
            test_message::run(engine, workspace, channel).await.map_err(OrgError::from)
        }
        OrgRequest::TestMailing { composed, filled, address } => {
            Ok(mailing::test_mail::run(engine, (&composed, &filled), &address).await)
        }
        OrgRequest::CompanyImport { import, add_fields, preview } => {
            preview::answer(engine, workspace, import, add_fields, preview).await
        }
        OrgRequest::DescribeObjects { objects } => {
            preview::describe_objects(engine, workspace, &objects).await
        }
        OrgRequest::FormCheck { form } => publish_check::run(engine, workspace, &form).await,
        OrgRequest::FormDryRun { form, answers } => {
            crate::form::dry_run::run(engine, workspace, *form, answers).await
        }
        OrgRequest::FindRecords { object, by, key, fields, selections } => {
            find_record::run(engine, workspace, (object, by, &key), &fields, &selections).await
        }
        OrgRequest::Objects => objects::run(engine, workspace).await,
        OrgRequest::Describe => preflight::run(engine, workspace).await.map(|_| OrgResponse::Described),
    };
    answer.unwrap_or_else(|error| match error {
        OrgError::NotConnected => OrgResponse::NotConnected,
        OrgError::Unavailable(reason) => {
            OrgResponse::Failed { reason: Step::new("org-unavailable").with("detail", reason) }
        }
        OrgError::Storage(error) => {
            tracing::error!(%error, "an org request failed in the database");
            OrgResponse::Failed { reason: Step::new("storage") }
        }
    })
}
