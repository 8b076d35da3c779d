//! What changed, as server-sent events: the names of the kinds, and nothing of what they hold.

use crate::auth::session::SignedIn;
use crate::console::live::hub::Hub;
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;
use storage::changes::Changes;
use storage::workspace::accounts;
use tokio::sync::watch;
use tokio::time::Instant;

/// How often a page that nothing happens on is told that the connection stands.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long one connection lasts; browsers connect again by themselves.
const LIFETIME: Duration = Duration::from_secs(300);

struct Watching {
    state: AppState,
    token_hash: String,
    changes: watch::Receiver<Changes>,
    known: Option<Changes>,
    until: Instant,
}

/// Tells of changes until the person signs out.
pub async fn events(State(state): State<AppState>, session: SignedIn) -> Response {
    // "No content" tells a browser not to try again.
    let Some(changes) = Hub::of(&state).watch(&state, session.account.workspace) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let token_hash = session.token_hash;
    let watching = Watching { state, token_hash, changes, known: None, until: Instant::now() + LIFETIME };
    let events = stream::unfold(watching, |mut watching| async move {
        let event = watching.next().await?;
        Some((Ok::<_, Infallible>(event), watching))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

impl Watching {
    /// The next event; `None` when the connection ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let wait = HEARTBEAT.min(self.until.checked_duration_since(Instant::now())?);
            match tokio::time::timeout(wait, self.changes.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => {
                    if !self.is_signed_in().await {
                        return None;
                    }
                    continue;
                }
            }
            let latest = self.changes.borrow_and_update().clone();
            let before = self.known.replace(latest.clone());
            if !self.is_signed_in().await {
                return None;
            }
            // The page may be older than the connection, so it looks once more by itself.
            let Some(before) = before else { return Some(Event::default().event("ready").data("")) };
            let words = before.differing(&latest);
            if !words.is_empty() {
                return Some(Event::default().event("change").data(words.join(" ")));
            }
        }
    }

    async fn is_signed_in(&self) -> bool {
        let now = self.state.clock.now();
        let found = accounts::find_by_session(&self.state.database.read(), &self.token_hash, now).await;
        matches!(found, Ok(Some(_)))
    }
}
