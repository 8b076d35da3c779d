//! Who calls: three metadata of every call say so.

use tonic::metadata::MetadataMap;
use url::Url;

use crate::http::authentication::authenticate_token;
use crate::http::pubsub::refusal::Refusal;
use crate::org::ids::RecordId;
use crate::state::EmulatorState;

/// The user who calls.
pub(super) fn authenticate(state: &EmulatorState, metadata: &MetadataMap) -> Result<RecordId, Refusal> {
    let text =
        |name: &str| metadata.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty());
    let (Some(token), Some(instance), Some(tenant)) =
        (text("accesstoken"), text("instanceurl"), text("tenantid"))
    else {
        return Err(Refusal::Headers);
    };
    let is_address = Url::parse(instance).is_ok_and(|url| url.has_host());
    let organization = RecordId::parse(tenant).filter(|_| is_address).ok_or(Refusal::Headers)?;
    if organization != state.read().settings.organization {
        return Err(Refusal::Authentication);
    }
    authenticate_token(state, token).map_err(|_| Refusal::Authentication)
}
