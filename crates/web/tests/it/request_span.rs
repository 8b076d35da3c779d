//! The log: every request has a span of its own, without personal data.

use crate::signed_in::fill;
use crate::support::Server;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    /// What was written since the last look.
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

#[tokio::test]
async fn log_names_method_route_and_status_only() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("web=debug")
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let server = Server::start().await;
    let booking = fill(&server).await;
    let caller = server.caller().await;
    let _guard = tracing::subscriber::set_default(subscriber);
    for (path, expected) in [
        ("/b/sales/demo?email=taro@sample.example", "method=GET route=/b/{team}/{page} status=200"),
        ("/cancel/secret-token", "method=GET route=/cancel/{booking} status=404"),
        ("/nowhere/taro@sample.example", "method=GET route=none status=404"),
        ("/console/errors?next=x", "method=GET route=/console/errors status=303"),
        ("/healthz", "method=GET route=/healthz status=200"),
    ] {
        server.get(path).await;
        let lines = log.take();
        assert!(lines.contains(expected), "{path}: {lines}");
        for hidden in ["taro@", "secret-token", "next=x", "?"] {
            assert!(!lines.contains(hidden), "{path}: {lines}");
        }
    }
    caller.get(&format!("/bookings/{booking}?key=x")).await;
    let lines = log.take();
    assert!(lines.contains("method=GET route=/api/v1/bookings/{id} status=200"), "{lines}");
    assert!(!lines.contains(&booking.to_string()) && !lines.contains(&caller.key), "{lines}");
    let id = |lines: &str| lines.split("id=").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    server.get("/healthz").await;
    assert_ne!(id(&lines), id(&log.take()), "each request has an ID of its own");
}
