//! A stand-in for Slack: records messages and rejects them on request.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The secret part of the webhook's address.
pub(crate) const SECRET: &str = "aVerySecretPartOfTheWebhook1x9z";

#[derive(Default)]
struct Kept {
    posts: Vec<(String, Value)>,
    refused: u32,
    refusal: Option<(u16, &'static str)>,
}

/// A server on an address of its own.
pub(crate) struct SlackServer {
    kept: Arc<Mutex<Kept>>,
    origin: String,
}

impl SlackServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::new(Mutex::new(Kept::default()));
        let router = axum::Router::new().fallback(post(take)).with_state(Arc::clone(&kept));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { kept, origin }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn webhook(&self) -> String {
        format!("{}/services/T0001/B0001/{SECRET}", self.origin)
    }

    /// Refuses every post from now on, or none.
    pub(crate) fn refuse(&self, refusal: Option<(u16, &'static str)>) {
        self.kept.lock().unwrap().refusal = refusal;
    }

    /// How many posts were refused.
    pub(crate) fn refused(&self) -> u32 {
        self.kept.lock().unwrap().refused
    }

    /// The texts of the posts that were taken.
    pub(crate) fn texts(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        assert!(kept.posts.iter().all(|(path, _)| path.ends_with(SECRET)), "the webhook's address");
        kept.posts.iter().map(|(_, body)| body["text"].as_str().unwrap().to_owned()).collect()
    }
}

async fn take(
    State(kept): State<Arc<Mutex<Kept>>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, &'static str) {
    let mut kept = kept.lock().unwrap();
    if let Some((status, word)) = kept.refusal {
        kept.refused += 1;
        return (StatusCode::from_u16(status).unwrap(), word);
    }
    let json = headers.get("content-type").is_some_and(|kind| kind == "application/json");
    match serde_json::from_str(&body) {
        Ok(body) if json => {
            kept.posts.push((uri.path().to_owned(), body));
            (StatusCode::OK, "ok")
        }
        _ => (StatusCode::BAD_REQUEST, "invalid_payload"),
    }
}
