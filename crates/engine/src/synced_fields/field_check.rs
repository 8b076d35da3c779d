//! What the org says of the chosen fields (同期テスト; D2): described as far as their paths lead.

use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::connected::OrgError;
use crate::org::description::translate;
use domain::org::{Descriptions, ObjectDescription};
use domain::run::{ApiFeature, RunKind};
use domain::synced_fields::{FieldCheck, SyncedFields, check_against_org, still_unknown};
use domain::value::WorkspaceId;
use salesforce::{Described, Error};
use storage::org_request::OrgResponse;

/// Answers the test of the page: nothing is written, neither here nor there.
pub(crate) async fn answer(
    engine: &Engine,
    workspace: WorkspaceId,
    fields: &SyncedFields,
) -> Result<OrgResponse, OrgError> {
    let checked = async {
        let mut asking = OrgClient::begin(engine, workspace, None).await?;
        let checked = check(&mut asking, fields).await;
        let feature = ApiFeature::Run(RunKind::SyncedFields);
        api_calls::count(engine, workspace, feature, asking.traffic().calls()).await?;
        checked
    };
    match checked.await {
        Ok(verdicts) => Ok(OrgResponse::SyncedFields { verdicts }),
        Err(OrgCallError::NotConnected) => Err(OrgError::NotConnected),
        Err(OrgCallError::Storage(error)) => Err(OrgError::Storage(error)),
        Err(error) => Err(OrgError::Unavailable(error.to_string())),
    }
}

/// Judges every field. Describes as many objects as the paths lead through, each once.
pub(crate) async fn check(
    asking: &mut OrgClient<'_>,
    fields: &SyncedFields,
) -> Result<Vec<FieldCheck>, OrgCallError> {
    let mut known = Descriptions::new();
    loop {
        let unknown = still_unknown(fields, &known);
        if unknown.is_empty() {
            return Ok(check_against_org(fields, &known));
        }
        for object in unknown {
            let description = describe(asking, &object).await?;
            known.insert(object, description);
        }
    }
}

/// `None` for an object that the user can't see.
pub(crate) async fn describe(
    asking: &mut OrgClient<'_>,
    object: &str,
) -> Result<Option<ObjectDescription>, OrgCallError> {
    match asking
        .call(|client| async move { client.describe(object, None).await })
        .await
        .map(|answer| answer.value)
    {
        Ok(Described::Fresh { describe, .. }) => Ok(Some(translate(&describe))),
        Ok(Described::NotModified) => Ok(None),
        Err(OrgCallError::Org(Error::Refused { status: 403 | 404, .. })) => Ok(None),
        Err(error) => Err(error),
    }
}
