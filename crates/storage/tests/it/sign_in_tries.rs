//! Tries to sign in: counted together on all nodes, forgotten in time, never too many names.

use crate::support::NOW;
use domain::value::Timestamp;
use secrecy::SecretString;
use storage::testing::{SECRET_KEY, TestDatabase};
use storage::workspace::sign_in_tries;
use storage::{Database, Vault};

mod both {
    crate::on_both!(nodes_count_tries_together, names_are_bounded);
}

async fn tried(database: &Database, name: &str, now: Timestamp) -> i64 {
    let write = database.write().await.unwrap();
    let tries = sign_in_tries::count(&write, name, now, now.plus_minutes(-5), 3).await.unwrap();
    write.commit().await.unwrap();
    tries
}

async fn nodes_count_tries_together(test: TestDatabase) {
    let vault = Vault::new(&SecretString::from(SECRET_KEY)).unwrap();
    let other = Database::open(&test.address, vault).await.unwrap();
    assert_eq!(tried(&test.database, "192.0.2.1 a@x.example", NOW).await, 1);
    assert_eq!(tried(&other, "192.0.2.1 a@x.example", NOW.plus_minutes(1)).await, 2);
    assert_eq!(tried(&other, "192.0.2.2 a@x.example", NOW).await, 1, "from somewhere else");
    assert_eq!(tried(&test.database, "192.0.2.1 a@x.example", NOW.plus_minutes(4)).await, 3);
    assert_eq!(
        tried(&other, "192.0.2.1 a@x.example", NOW.plus_minutes(5)).await,
        1,
        "five minutes after the first"
    );
    assert_eq!(tried(&other, "192.0.2.1 a@x.example", NOW.plus_minutes(5)).await, 2);
    let write = other.write().await.unwrap();
    sign_in_tries::forget(&write, "192.0.2.1 a@x.example").await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(tried(&test.database, "192.0.2.1 a@x.example", NOW.plus_minutes(5)).await, 1);
}

async fn names_are_bounded(test: TestDatabase) {
    for number in 0..5 {
        assert_eq!(tried(&test.database, &format!("name {number}"), NOW.plus_seconds(number)).await, 1);
    }
    let names = test.texts("SELECT name_hash AS text FROM sign_in_tries").await;
    assert_eq!(names.len(), 3);
    assert!(!names.iter().any(|name| name.starts_with("name")), "only hashes are stored");
    assert_eq!(tried(&test.database, "name 4", NOW.plus_seconds(5)).await, 2, "the latest are kept");
    assert_eq!(tried(&test.database, "name 9", NOW.plus_minutes(6)).await, 1);
    let names = test.texts("SELECT name_hash AS text FROM sign_in_tries").await;
    assert_eq!(names.len(), 1, "those whose time is over are deleted");
}
