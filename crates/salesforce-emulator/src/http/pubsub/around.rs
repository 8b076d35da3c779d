//! Around every call: faults, and the log. Bodies are streams here, so the usual way around requests is not taken.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::middleware::{Next, from_fn_with_state};
use tonic::Status;

use crate::connection::Cut;
use crate::faults::{Hit, Kind};
use crate::http::answer::set;
use crate::http::middleware::last_modified;
use crate::http::pubsub::breakable::Breakable;
use crate::http::pubsub::eventbus::pub_sub_server::PubSubServer;
use crate::http::pubsub::service::PubSubService;
use crate::lock::lock;
use crate::request_log::Entry;
use crate::state::EmulatorState;

/// The service's address with its middleware.
pub(in crate::http) fn routes(state: Arc<EmulatorState>) -> Router {
    let service = PubSubServer::new(PubSubService::new(Arc::clone(&state)));
    Router::new()
        .route_service("/eventbus.v1.PubSub/{method}", service)
        .layer(from_fn_with_state(state, around))
}

async fn around(
    State(state): State<Arc<EmulatorState>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let hits = state.faults.meet("POST", &path);
    let has = |wanted: &Kind| hits.iter().any(|hit| hit.0 == *wanted);
    let unanswered = has(&Kind::Reset) || has(&Kind::LostAnswer);
    revoke(&state, &hits, &request);
    tokio::time::sleep(pause(&hits)).await;
    let is_down = hits.iter().any(|hit| matches!(hit.0, Kind::Status(_)));
    let mut response = if unanswered || is_down {
        // Such an answer comes from the edge in front of the service: it names no call.
        Status::unavailable("upstream connect error or disconnect/reset before headers").into_http()
    } else {
        let (early, late) = (state.streams.broken_off(), state.streams.broken_off());
        tokio::select! {
            response = next.run(request) => response.map(|body| Body::new(Breakable::new(body, late))),
            () = early => Response::new(Body::new(Breakable::broken_off())),
        }
    };
    let now = state.clock.now();
    set(&mut response, "date", &last_modified::print(now));
    state.log.push(Entry {
        number: 0,
        method: "POST".to_owned(),
        path,
        status: if unanswered { 0 } else { response.status().as_u16() },
        api_calls: 0,
        at: now,
        faults: hits.iter().map(|hit| hit.0.name().to_owned()).collect(),
        request: String::new(),
        answer: String::new(),
    });
    if unanswered {
        cut.now();
    }
    response
}

fn revoke(state: &EmulatorState, hits: &[Hit], request: &Request) {
    for hit in hits {
        match hit.0 {
            Kind::Revoke => lock(&state.sessions).revoke_all(),
            Kind::SessionExpired => {
                let token = request.headers().get("accesstoken").and_then(|token| token.to_str().ok());
                lock(&state.sessions).revoke_access(token.unwrap_or_default());
            }
            _ => {}
        }
    }
}

fn pause(hits: &[Hit]) -> Duration {
    let slow = hits.iter().find_map(|hit| match hit.0 {
        Kind::Slow { milliseconds, .. } => Some(milliseconds),
        _ => None,
    });
    Duration::from_millis(slow.unwrap_or(0))
}
