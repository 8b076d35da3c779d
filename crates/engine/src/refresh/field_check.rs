//! What the org says of the chosen fields (同期テスト; D2): described as far as their paths lead.

use super::asking::{AskError, Asking};
use crate::describe::translate;
use crate::engine::Engine;
use crate::org::OrgError;
use domain::field_verdict::{FieldVerdict, check_against_org, still_unknown};
use domain::id::WorkspaceId;
use domain::organization::ObjectDescription;
use domain::path_in_org::Descriptions;
use domain::synced_fields::SyncedFields;
use salesforce::{Described, Error};
use storage::inquiries::Answer;

/// Answers the test of the page: nothing is written, neither here nor there.
pub(crate) async fn answer(
    engine: &Engine,
    workspace: WorkspaceId,
    fields: &SyncedFields,
) -> Result<Answer, OrgError> {
    let checked = async {
        let mut asking = Asking::begin(engine, workspace, None).await?;
        check(&mut asking, fields).await
    };
    match checked.await {
        Ok(verdicts) => Ok(Answer::SyncedFields { verdicts }),
        Err(AskError::NotConnected) => Err(OrgError::NotConnected),
        Err(AskError::Storage(error)) => Err(OrgError::Storage(error)),
        Err(error) => Err(OrgError::Unavailable(error.to_string())),
    }
}

/// Judges every field. Describes as many objects as the paths lead through, each once.
pub(crate) async fn check(
    asking: &mut Asking<'_>,
    fields: &SyncedFields,
) -> Result<Vec<FieldVerdict>, AskError> {
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
    asking: &mut Asking<'_>,
    object: &str,
) -> Result<Option<ObjectDescription>, AskError> {
    match asking
        .ask(|client| async move { client.describe(object, None).await })
        .await
        .map(|answer| answer.value)
    {
        Ok(Described::Fresh { describe, .. }) => Ok(Some(translate(&describe))),
        Ok(Described::NotModified) => Ok(None),
        Err(AskError::Org(Error::Refused { status: 403 | 404, .. })) => Ok(None),
        Err(error) => Err(error),
    }
}
