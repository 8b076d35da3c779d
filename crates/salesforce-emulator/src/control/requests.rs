//! The request log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::state::EmulatorState;

/// Shows every request since the log was last cleared, and how many calls they counted as.
pub(crate) async fn requests(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    Json(state.log.to_json())
}

/// Clears the log.
pub(crate) async fn forget_requests(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    state.log.clear();
    requests(State(state)).await
}
