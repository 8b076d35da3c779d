//! The org's time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::control::answer::{Answer, Refusal, read};
use crate::org::value::print_datetime;
use crate::state::EmulatorState;

/// Tells the time.
pub(crate) async fn clock(State(state): State<Arc<EmulatorState>>) -> Json<Value> {
    Json(json!({"now": print_datetime(state.clock.now())}))
}

/// Moves the time forward, or makes it run faster.
pub(crate) async fn set_clock(State(state): State<Arc<EmulatorState>>, body: Bytes) -> Answer {
    let asked = read(&body)?;
    let (seconds, speed) = (asked.get("advance_seconds"), asked.get("speed"));
    if seconds.is_none() && speed.is_none() {
        return Err(Refusal("give advance_seconds or speed".to_owned()));
    }
    if let Some(seconds) = seconds {
        let seconds = seconds.as_f64().filter(|seconds| *seconds >= 0.0);
        state
            .clock
            .advance(seconds.ok_or_else(|| Refusal("advance_seconds must be a number from 0".to_owned()))?);
    }
    if let Some(speed) = speed {
        let speed = speed.as_f64().filter(|speed| *speed > 0.0);
        state.clock.set_speed(speed.ok_or_else(|| Refusal("speed must be a number above 0".to_owned()))?);
    }
    Ok(clock(State(state)).await)
}
