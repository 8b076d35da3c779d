//! What is known of an object of the org, looked at again before something of it is refused (K17).

use crate::actions::org_request::request_and_wait;
use crate::state::AppState;
use domain::org::ObjectDescription;
use domain::value::WorkspaceId;
use std::time::Duration;
use storage::StorageError;
use storage::org::{connections, descriptions};
use storage::org_request::OrgRequest;

/// A describe this young is not asked for again: a field that was made just now is found within a minute.
const FRESH_SECONDS: i64 = 60;
/// How long someone waits for the org's answer before what is known counts.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The Lead as it was described last, or described again if that does not satisfy: at most once a minute.
pub(crate) async fn lead_description(
    state: &AppState,
    workspace: WorkspaceId,
    satisfies: impl Fn(Option<&ObjectDescription>) -> bool,
) -> Result<Option<ObjectDescription>, StorageError> {
    object_description(state, workspace, "Lead", satisfies).await
}

/// The same of any object.
pub(crate) async fn object_description(
    state: &AppState,
    workspace: WorkspaceId,
    object: &str,
    satisfies: impl Fn(Option<&ObjectDescription>) -> bool,
) -> Result<Option<ObjectDescription>, StorageError> {
    let read = state.database.read();
    let known = descriptions::find(&read, workspace, object).await?;
    let oldest = state.clock.now().plus_seconds(-FRESH_SECONDS);
    let is_fresh = known.as_ref().is_some_and(|known| known.fetched_at > oldest);
    if is_fresh
        || satisfies(known.as_ref().map(|known| &known.description))
        || connections::find(&read, workspace).await?.is_none()
    {
        return Ok(known.map(|known| known.description));
    }
    let request = OrgRequest::DescribeObjects { objects: vec![object.to_owned()] };
    request_and_wait(state, workspace, &request, TIMEOUT).await?;
    Ok(descriptions::find(&read, workspace, object).await?.map(|known| known.description))
}
