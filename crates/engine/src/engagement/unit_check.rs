//! What Account Engagement says of a business unit, for those who set it up (E1).

use crate::engagement::client::EngagementAsking;
use crate::engagement::failure::EngagementFailure;
use crate::engagement::lists;
use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::connected::OrgError;
use domain::engagement::{BusinessUnitCheck, EngagementList};
use domain::run::{ApiFeature, RunKind};
use domain::value::WorkspaceId;
use salesforce::engagement::EngagementError;
use storage::org_request::OrgResponse;

/// Answers the question for a business unit's lists.
pub(crate) async fn answer(
    engine: &Engine,
    workspace: WorkspaceId,
    business_unit_id: &str,
) -> Result<OrgResponse, OrgError> {
    let finding = match check_unit(engine, workspace, business_unit_id).await {
        Ok(lists) => BusinessUnitCheck::Lists { lists },
        Err(EngagementFailure::Refused(EngagementError::BusinessUnit { .. })) => {
            BusinessUnitCheck::UnknownUnit
        }
        Err(EngagementFailure::Refused(EngagementError::AccessDenied { .. })) => BusinessUnitCheck::NoAccess,
        Err(EngagementFailure::Refused(EngagementError::Token { .. })) => BusinessUnitCheck::NoScope,
        Err(EngagementFailure::NotConnected) => return Err(OrgError::NotConnected),
        Err(EngagementFailure::Storage(error)) => return Err(error.into()),
        Err(other) => return Err(OrgError::Unavailable(other.to_string())),
    };
    Ok(OrgResponse::EngagementLists { finding })
}

async fn check_unit(
    engine: &Engine,
    workspace: WorkspaceId,
    business_unit_id: &str,
) -> Result<Vec<EngagementList>, EngagementFailure> {
    let Ok(unit) = business_unit_id.parse() else {
        let message = "not the id of a business unit".to_owned();
        return Err(EngagementError::BusinessUnit { code: 0, message }.into());
    };
    let mut asking = EngagementAsking::begin(engine, workspace, unit, None).await?;
    let found = lists::all(&mut asking).await;
    let feature = ApiFeature::Run(RunKind::EngagementLists);
    api_calls::count(engine, workspace, feature, asking.traffic().calls()).await?;
    found
}
