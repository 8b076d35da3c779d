//! `/healthz`, `/readyz` and `/metrics` for those who watch the server.

use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use domain::delivery::DeliveryState;
use storage::delivery::deliveries;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers too.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.database.check().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database")
        }
    }
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
