//! What one client can't do to the others: half requests, wrong passwords, bookings by the dozen, a full disk (Q6).

use crate::harness::{TestSystem, booking, http};
use serde_json::json;
use std::time::Duration;
use storage::testing::Kind;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Requests that never end hold no place longer than the time-out, however many there are.
#[tokio::test]
async fn half_sent_requests_keep_nobody_out() {
    let settings =
        [("TSUGITE_MAX_CONNECTIONS", "50".to_owned()), ("TSUGITE_HEAD_TIMEOUT_SECONDS", "2".to_owned())];
    let world = TestSystem::begin_with_settings(Kind::Sqlite, 1.0, 20, &settings).await;
    let address = world.server.url().strip_prefix("http://").unwrap().to_owned();
    let mut held = Vec::new();
    for _ in 0..120 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: ").await.unwrap();
        held.push(stream);
    }
    // With 50 places and two seconds for a head, the last of them has been let go after six.
    assert_eq!(http().get(format!("{}/healthz", world.server.url())).send().await.unwrap().status(), 200);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(20), held[0].read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "a half request is ended by the server");
}

/// A disk that is full refuses bookings clearly, and is written to again as soon as there is room, without a restart.
#[tokio::test]
async fn full_disk_heals_by_itself() {
    let mut world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    world.server.restart_with_file_limits().await;
    assert_eq!(world.server.status_of("/readyz").await, 200);
    world.server.limit_files("4096").await;
    for number in 0..3 {
        let (status, body) =
            world.server.post("/bookings", &booking(number, "full@disk.example", json!({}))).await;
        assert_eq!((status, &body["type"]), (503, &json!("urn:tsugite:problem:unavailable")));
    }
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(world.server.status_of("/readyz").await, 503, "reading alone is not ready");
    world.server.limit_files("unlimited").await;
    let (status, body) = world.server.post("/bookings", &booking(1, "room@disk.example", json!({}))).await;
    assert_eq!(status, 201, "{body}");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(world.server.status_of("/readyz").await, 200);
}

/// SIGTERM ends the process within its time, though a client never finishes its request.
#[tokio::test]
async fn process_ends_though_a_request_never_does() {
    let settings = [("TSUGITE_DRAIN_SECONDS", "1".to_owned())];
    let mut world = TestSystem::begin_with_settings(Kind::Sqlite, 1.0, 1, &settings).await;
    let address = world.server.url().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf").await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(15), world.server.terminate()).await;
    assert!(ended.expect("it ends in time").success());
}
