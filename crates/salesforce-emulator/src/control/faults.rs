//! Asking for faults.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::control::answer::{Answer, read};
use crate::faults::Fault;
use crate::state::EmulatorState;

/// Shows the faults in force.
pub(crate) async fn faults(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    Json(json!({"faults": state.faults.to_json()}))
}

/// Adds a fault, or a list of them.
pub(crate) async fn add_fault(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let asked = match read(&body)? {
        Value::Array(several) => several,
        one => vec![one],
    };
    let faults = asked.iter().map(Fault::read).collect::<Result<Vec<_>, _>>()?;
    for fault in faults {
        state.faults.add(fault);
    }
    Ok(self::faults(State(state)).await)
}

/// Takes every fault away.
pub(crate) async fn clear_faults(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    state.faults.clear();
    faults(State(state)).await
}
