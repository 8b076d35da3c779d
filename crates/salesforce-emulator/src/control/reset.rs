//! Starting again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::json;

use crate::control::answer::{Answer, Refusal, read};
use crate::options::Seed;
use crate::state::EmulatorState;

/// Throws everything away and plants a seed: `{"seed": "demo"}`; empty when none is named.
pub(crate) async fn reset(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let asked = read(&body)?;
    let name = asked.get("seed").and_then(|seed| seed.as_str()).unwrap_or("empty").to_owned();
    let seed: Seed = name.parse().map_err(|error: crate::UnknownSeed| Refusal(error.to_string()))?;
    let work = tokio::task::spawn_blocking(move || state.reset(seed)).await;
    work.map_err(|_| Refusal("the seed could not be planted".to_owned()))?;
    Ok(Json(json!({"seed": name})))
}
