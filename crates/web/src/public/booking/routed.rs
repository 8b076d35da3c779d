//! A router's decision in the address of a booking page, signed: whose times are shown is not the visitor's to choose.

use domain::value::{RoutingDecisionId, WorkspaceId};
use storage::Vault;
use uuid::Uuid;

/// The name under which an address carries the decision.
pub(crate) const ROUTED: &str = "routed";
const PURPOSE: &str = "booking-routed";

/// A decision as an address carries it.
pub(crate) fn write(vault: &Vault, workspace: WorkspaceId, decision: RoutingDecisionId) -> String {
    format!("{decision}.{}", vault.sign(PURPOSE, &format!("{workspace}:{decision}")))
}

/// The decision that an address carries; `None` if a character of it was changed.
pub(crate) fn read(vault: &Vault, workspace: WorkspaceId, token: &str) -> Option<RoutingDecisionId> {
    let (decision, tag) = token.split_once('.')?;
    let decision = RoutingDecisionId(Uuid::parse_str(decision).ok()?);
    vault.verify(PURPOSE, &format!("{workspace}:{decision}"), tag).then_some(decision)
}
