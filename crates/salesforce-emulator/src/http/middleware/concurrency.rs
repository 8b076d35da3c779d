//! The concurrent request limit.

use axum::body::Body;
use axum::http::Response;

use crate::engagement::error::Refusal;
use crate::http::engagement;
use crate::http::error::error;
use crate::in_flight::{Family, RequestSlot};
use crate::lock::lock;
use crate::state::EmulatorState;

/// Gives a request a slot, or refuses it because too many requests are open.
pub(super) fn enter(
    state: &EmulatorState,
    family: Option<Family>,
) -> Result<Option<RequestSlot<'_>>, Box<Response<Body>>> {
    let Some(family) = family else { return Ok(None) };
    let (slot, others) = state.in_flight.enter(family, state.clock.now());
    if others == 0 {
        return Ok(Some(slot));
    }
    let refusal = match family {
        Family::Data => (others >= state.read().concurrent_long_requests())
            .then(|| error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")),
        Family::Engagement => (others >= lock(&state.engagement).limits.concurrent_requests)
            .then(|| engagement::refused(&Refusal::Concurrency.plain())),
    };
    refusal.map_or(Ok(Some(slot)), |answer| Err(Box::new(answer.into_response(false))))
}
