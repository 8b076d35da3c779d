//! `/healthz`, `/readyz` and `/metrics` for those who watch the server.

use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use domain::delivery::DeliveryState;
use std::time::Duration;
use storage::delivery::deliveries;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The check writes, and anybody may ask: it is made this often at most.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

static LAST_CHECK: Mutex<Option<(Instant, bool)>> = Mutex::const_new(None);

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers and takes writes.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    let mut last = LAST_CHECK.lock().await;
    let now = Instant::now();
    let ready = match *last {
        Some((at, ready)) if now.duration_since(at) < CHECK_INTERVAL => ready,
        _ => {
            let checked = tokio::time::timeout(CHECK_TIMEOUT, state.database.check()).await;
            match &checked {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "not ready"),
                Err(_) => tracing::error!("not ready: the database takes no write in time"),
            }
            matches!(checked, Ok(Ok(())))
        }
    };
    *last = Some((now, ready));
    if ready { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "database") }
}

/// Deliveries by state, and for how long the longest due one has been waiting, as Prometheus reads them.
pub async fn metrics(State(state): State<AppState>) -> (StatusCode, String) {
    let read = state.database.read();
    let counted = deliveries::count_everywhere(&read).await;
    let (Ok(counted), Ok(next)) = (counted, deliveries::next_due(&read).await) else {
        return (StatusCode::SERVICE_UNAVAILABLE, String::new());
    };
    let now = state.clock.now();
    let overdue = next.map_or(0, |due| (now.seconds() - due.seconds()).max(0));
    let mut text = "# TYPE tsugite_deliveries gauge\n".to_owned();
    for one in DeliveryState::ALL {
        let count = counted.iter().find(|(state, _)| *state == one).map_or(0, |(_, count)| *count);
        text.push_str(&format!("tsugite_deliveries{{state=\"{}\"}} {count}\n", one.name()));
    }
    text.push_str("# TYPE tsugite_longest_overdue_seconds gauge\n");
    text.push_str(&format!("tsugite_longest_overdue_seconds {overdue}\n"));
    (StatusCode::OK, text)
}
