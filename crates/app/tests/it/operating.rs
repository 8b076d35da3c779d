//! What those who host it do: back up, put back, change keys, and look what is wrong.

use crate::harness::{TestSystem, booking};
use serde_json::json;
use storage::testing::{Kind, new_empty_address};
use tokio::time::Instant;

mod both {
    crate::on_both_databases! {
        backup_of_a_running_server_brings_every_booking_back,
        keys_are_changed_without_losing_the_connection,
    }
}

async fn backup_of_a_running_server_brings_every_booking_back(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    for number in 0..3 {
        let visitor = booking(number, "kept@backup.example", json!({}));
        assert_eq!(world.server.post("/bookings", &visitor).await.0, 201);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tsugite.backup").display().to_string();
    let told = world.server.command(&["backup", &file]).await;
    assert!(told.contains("written and read back"), "{told}");
    let visitor = booking(3, "late@backup.example", json!({}));
    assert_eq!(world.server.post("/bookings", &visitor).await.0, 201, "the server has gone on");

    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (empty, _folder) = new_empty_address(kind);
        let there = [("TSUGITE_DATABASE_URL", empty)];
        let (restored, told) = world.server.outcome(&["restore", &file], &there).await;
        assert!(restored && told.contains("\nbookings: 3 rows\n"), "{told}");
        let (again, told) = world.server.outcome(&["restore", &file], &there).await;
        assert!(!again && told.contains("--replace"), "{told}");
        let (mut node, url) = world.server.second_node_with(&there).await;
        let bookings: serde_json::Value = crate::harness::http()
            .get(format!("{url}/api/v1/bookings"))
            .bearer_auth(world.server.key())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(bookings["bookings"].as_array().map(Vec::len), Some(3), "{kind:?}: {bookings}");
        node.kill().await.unwrap();
    }
}

const NEW_KEY: &str = "another key that is certainly long enough";

async fn keys_are_changed_without_losing_the_connection(kind: Kind) {
    let mut world = TestSystem::begin(kind, 1.0).await;
    let dropped = [("TSUGITE_SECRET_KEY", NEW_KEY.to_owned())];
    let refusal = world.server.refusal_to_start(&dropped).await;
    assert!(refusal.contains("workspace main, table connections: key "), "{refusal}");
    let (good, told) = world.server.outcome(&["check"], &dropped).await;
    assert!(!good && told.starts_with("stored secrets: FAILED"), "{told}");

    // A node that doesn't know the new key yet could not read what is stored with it.
    assert!(world.server.terminate().await.success());
    let both = [("TSUGITE_SECRET_KEY", format!("{NEW_KEY},{}", storage::testing::SECRET_KEY))];
    let (good, told) = world.server.outcome(&["rotate-keys"], &both).await;
    assert!(good && told.contains("connections: 1 encrypted with the first key, 0 were already"), "{told}");
    let (good, told) = world.server.outcome(&["rotate-keys"], &both).await;
    assert!(good && told.contains("connections: 0 encrypted with the first key, 1 were already"), "{told}");
    let (good, told) = world.server.outcome(&["check"], &dropped).await;
    assert!(good && told.contains("stored secrets: ok"), "{told}");
}

#[tokio::test]
async fn check_names_what_is_wrong_first_and_soon() {
    let world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = taken.local_addr().unwrap();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let cases = [
        ("TSUGITE_LISTEN", taken.to_string(), "address: FAILED: another program listens on"),
        (
            "TSUGITE_DATABASE_URL",
            "postgres://a:secret@127.0.0.1:9/x".to_owned(),
            "database: FAILED: the database at 127.0.0.1:9 can't be reached",
        ),
        (
            "TSUGITE_DATABASE_URL",
            format!("postgres://a:secret@{silent}/x"),
            "did not answer within 5 seconds",
        ),
        (
            "TSUGITE_DATABASE_URL",
            "sqlite:/proc/tsugite/x.db".to_owned(),
            "data folder: FAILED: the folder /proc/tsugite can't be made",
        ),
        ("TSUGITE_SECRET_KEY", "short".to_owned(), "secret key: FAILED: a secret key has fewer than 32"),
        ("TSUGITE_PUBLIC_URL", "booking.example.com:443".to_owned(), "tsugite: PUBLIC_URL is"),
        ("TSUGITE_LOG", "info,=x=".to_owned(), "tsugite: LOG is"),
        ("TSUGITE_EGRESS_IPS", "my-router".to_owned(), "tsugite: EGRESS_IPS is"),
        ("TSUGITE_PUBLIK_URL", "x".to_owned(), "tsugite: there is no setting TSUGITE_PUBLIK_URL"),
    ];
    for (key, value, expected) in cases {
        let began = Instant::now();
        let (good, told) = world.server.outcome(&["check"], &[(key, value.clone())]).await;
        assert!(!good, "{key}={value}: {told}");
        let first = told.lines().next().unwrap_or_default();
        assert!(first.contains(expected), "{key}={value}: {told}");
        assert!(!told.contains("a:secret"), "{told}");
        assert!(began.elapsed().as_secs() < 20, "{key}={value}");
    }
    let running = world.server.url().strip_prefix("http://").unwrap().to_owned();
    let (good, told) = world.server.outcome(&["check"], &[("TSUGITE_LISTEN", running)]).await;
    assert!(good && told.contains("address: ok, a Tsugite server runs at"), "{told}");
}

#[tokio::test]
async fn server_says_why_it_does_not_start() {
    let world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    let taken = world.server.url().strip_prefix("http://").unwrap().to_owned();
    let cases = [
        ("TSUGITE_LISTEN", taken, "another program listens on"),
        ("TSUGITE_DATABASE_URL", "postgres://a:secret@127.0.0.1:9/x".to_owned(), "can't be reached"),
        ("TSUGITE_DATABASE_URL", "sqlite:/proc/tsugite/x.db".to_owned(), "can't be made"),
        ("TSUGITE_DATABASE_URL_FILE", "/nowhere/url".to_owned(), "named by DATABASE_URL_FILE"),
    ];
    for (key, value, expected) in cases {
        let mut settings = vec![(key, value)];
        if key == "TSUGITE_DATABASE_URL_FILE" {
            settings.push(("TSUGITE_DATABASE_URL", String::new()));
        }
        let told = world.server.refusal_to_start(&settings).await;
        assert!(told.contains(expected), "{key}: {told}");
    }
}

#[tokio::test]
async fn mistyped_workspace_is_refused_with_the_nearest() {
    let world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    for arguments in [
        &["api-key", "create", "--workspace", "mian", "--name", "x"][..],
        &["user", "add", "a@example.com", "--role", "owner", "--workspace", "mian"],
    ] {
        let (good, told) = world.server.outcome(arguments, &[]).await;
        assert!(!good && told.contains("there is no workspace mian. The nearest: main"), "{told}");
    }
    assert_eq!(world.server.command(&["workspace", "list"]).await, "main  main\n");
    assert!(world.server.outcome(&["workspace", "create", "second"], &[]).await.0);
    let (good, told) = world.server.outcome(&["workspace", "create", "second"], &[]).await;
    assert!(!good && told.contains("there is a workspace second already"), "{told}");
    assert!(world.server.outcome(&["workspace", "create", "second", "--if-missing"], &[]).await.0);
}

#[tokio::test]
async fn password_in_an_argument_is_warned_of() {
    let world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    let arguments = ["migrate", "--database-url", "postgres://a:secret@127.0.0.1:9/x"];
    let (_, told) = world.server.outcome(&arguments, &[]).await;
    assert!(told.contains("warning: other users of this machine can see the password"), "{told}");
}
