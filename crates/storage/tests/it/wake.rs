//! Waking workers: of the same process on both databases, of other nodes on PostgreSQL.

use secrecy::SecretString;
use std::time::Duration;
use storage::testing::{Kind, SECRET_KEY, TestDatabase, open};
use storage::{Database, Vault};

mod both {
    crate::on_both!(wake_up_before_wait_is_not_lost);
}

async fn woken(database: &Database) {
    tokio::time::timeout(Duration::from_secs(20), database.wait_for_wake()).await.unwrap();
}

async fn wake_up_before_wait_is_not_lost(test: TestDatabase) {
    test.database.clone().wake_worker();
    woken(&test.database).await;
    test.database.wake_own_worker();
    woken(&test.database).await;
}

async fn other_node(test: &TestDatabase) -> Database {
    Database::open(&test.address, Vault::new(&SecretString::from(SECRET_KEY)).unwrap()).await.unwrap()
}

#[tokio::test]
async fn worker_of_other_node_is_woken() {
    let test = open(Kind::Postgres).await;
    let other = other_node(&test).await;
    // It is woken once when it begins to listen.
    woken(&other).await;
    for _ in 0..3 {
        test.database.wake_worker();
        woken(&other).await;
    }
}

#[tokio::test]
async fn listener_reconnects() {
    let test = open(Kind::Postgres).await;
    let other = other_node(&test).await;
    woken(&other).await;
    let ended = "SELECT CAST(pg_terminate_backend(pid) AS TEXT) AS text FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    assert_eq!(test.texts(ended).await, ["true"]);
    woken(&other).await;
    test.database.wake_worker();
    woken(&other).await;
}

#[tokio::test]
async fn node_is_not_woken_by_itself_twice() {
    let test = open(Kind::Postgres).await;
    let other = other_node(&test).await;
    woken(&other).await;
    other.wake_worker();
    woken(&other).await;
    // Notifications come in the order of their commits: when this one is there, its own has come before.
    woken(&test.database).await;
    other.wake_worker();
    woken(&test.database).await;
    woken(&other).await;
    let again = tokio::time::timeout(Duration::from_millis(100), other.wait_for_wake()).await;
    assert!(again.is_err(), "its own notification is no news");
}
