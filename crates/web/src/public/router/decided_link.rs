//! The address of what a router decided: good for an hour, as it fills in what the visitor typed.

use crate::state::AppState;
use domain::value::{RoutingDecisionId, WorkspaceId};
use uuid::Uuid;

const PURPOSE: &str = "router-decided";
const LIFE_SECONDS: i64 = 60 * 60;

/// As the address carries it.
pub(super) fn write(state: &AppState, workspace: WorkspaceId, decision: RoutingDecisionId) -> String {
    let until = state.clock.now().seconds() + LIFE_SECONDS;
    let tag = state.database.vault().sign(PURPOSE, &signed(workspace, decision, until));
    format!("{decision}.{until}.{tag}")
}

/// The decision; `None` if a character was changed or the time is over.
pub(super) fn read(state: &AppState, workspace: WorkspaceId, token: &str) -> Option<RoutingDecisionId> {
    let (decision, rest) = token.split_once('.')?;
    let (until, tag) = rest.split_once('.')?;
    let decision = RoutingDecisionId(Uuid::parse_str(decision).ok()?);
    let until: i64 = until.parse().ok()?;
    let is_own = state.database.vault().verify(PURPOSE, &signed(workspace, decision, until), tag);
    (is_own && state.clock.now().seconds() <= until).then_some(decision)
}

fn signed(workspace: WorkspaceId, decision: RoutingDecisionId, until: i64) -> String {
    format!("{workspace}:{decision}:{until}")
}
