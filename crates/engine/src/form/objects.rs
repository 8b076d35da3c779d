//! The org's objects of which a form could make records.

use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::connected::OrgError;
use domain::run::ApiFeature;
use domain::value::WorkspaceId;
use serde_json::Value;
use storage::org_request::{OrgObject, OrgResponse};

/// Objects that are listed, at most.
const MAX_OBJECTS: usize = 3_000;

/// Everything that the connected user may create and that people work with.
pub(crate) async fn run(engine: &Engine, workspace: WorkspaceId) -> Result<OrgResponse, OrgError> {
    let asked = async {
        let mut asking = OrgClient::begin(engine, workspace, None).await?;
        let answer = asking.call(|client| async move { client.get("sobjects").await }).await?;
        api_calls::count(engine, workspace, ApiFeature::Preflight, asking.traffic().calls()).await?;
        Ok::<_, OrgCallError>(answer.value)
    };
    match asked.await {
        Ok(answer) => Ok(OrgResponse::Objects { objects: objects(&answer) }),
        Err(OrgCallError::NotConnected) => Err(OrgError::NotConnected),
        Err(OrgCallError::Storage(error)) => Err(OrgError::Storage(error)),
        Err(error) => Err(OrgError::Unavailable(error.to_string())),
    }
}

/// Standard objects that describe the org itself, and what hangs on records, are left out.
fn objects(answer: &Value) -> Vec<OrgObject> {
    let all = answer.get("sobjects").and_then(Value::as_array).into_iter().flatten();
    let flag = |object: &Value, name: &str| object.get(name).and_then(Value::as_bool).unwrap_or(false);
    let word =
        |object: &Value, name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let usable = all.filter(|object| {
        flag(object, "createable")
            && flag(object, "layoutable")
            && flag(object, "queryable")
            && !flag(object, "deprecatedAndHidden")
            && !flag(object, "customSetting")
    });
    usable
        .take(MAX_OBJECTS)
        .map(|object| OrgObject { name: word(object, "name"), label: word(object, "label") })
        .collect()
}
