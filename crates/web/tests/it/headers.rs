//! What browsers and caches are told about an answer.

use crate::support::Server;

#[tokio::test]
async fn only_booking_pages_are_shown_in_frames_of_allowed_sites() {
    let server = Server::start().await;
    let framed = server.get("/b/sales/demo").await;
    let policy = framed.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'self' https://www.demo.example;"), "{policy}");
    assert!(!framed.headers.contains_key("x-frame-options"));
    for path in ["/sign-in", "/console", "/"] {
        let reply = server.get(path).await;
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none';"), "{path}: {policy}");
        assert_eq!(reply.headers["x-frame-options"], "DENY", "{path}");
    }
}

#[tokio::test]
async fn answers_of_the_api_are_not_kept_and_not_guessed() {
    let server = Server::start().await;
    for path in ["/api/v1/bookings", "/api/v1/openapi.json", "/api/v1/nowhere", "/healthz", "/metrics"] {
        let reply = server.get(path).await;
        assert_eq!(reply.headers["cache-control"], "no-store", "{path}");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{path}");
    }
}
