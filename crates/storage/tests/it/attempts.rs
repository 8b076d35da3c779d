//! Tries of strangers: counted together on all nodes, slowed down, forgotten in time, never too many names.

use crate::support::NOW;
use domain::value::Timestamp;
use secrecy::SecretString;
use storage::testing::{SECRET_KEY, TestDatabase};
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;
use storage::{Database, Vault};

mod both {
    crate::on_both!(nodes_slow_tries_down_together, names_are_forgotten_in_time);
}

const LIMIT: AttemptLimit = AttemptLimit { free: 2, pause_seconds: 10, window_minutes: 5 };

async fn taken(database: &Database, name: &str, now: Timestamp) -> Option<Timestamp> {
    let write = database.write().await.unwrap();
    let wait = attempts::take(&write, name, LIMIT, now).await.unwrap();
    write.commit().await.unwrap();
    wait
}

async fn nodes_slow_tries_down_together(test: TestDatabase) {
    let vault = Vault::new(&SecretString::from(SECRET_KEY)).unwrap();
    let other = Database::open(&test.address, vault).await.unwrap();
    let at = |seconds: i64| NOW.plus_seconds(seconds);
    for (seconds, wait, why) in [
        (0, None, "free"),
        (1, None, "free, on the other node"),
        (2, Some(10), "one each ten seconds from now on"),
        (9, Some(10), "what came too early is not counted"),
        (10, None, "in time"),
        (11, Some(20), "the next ten seconds"),
        (40, None, "in time"),
        (41, None, "and one more that was not used"),
        (42, None, "and one more"),
        (43, Some(50), "all are used"),
        (301, None, "the window is over"),
        (302, None, "free again"),
        (303, Some(311), "and slowed down again"),
    ] {
        let node = if seconds % 2 == 0 { &test.database } else { &other };
        assert_eq!(taken(node, "192.0.2.1 a@x.example", at(seconds)).await, wait.map(at), "{seconds}: {why}");
    }
    assert_eq!(taken(&other, "192.0.2.2 a@x.example", at(303)).await, None, "from somewhere else");
    let write = other.write().await.unwrap();
    attempts::forget(&write, "192.0.2.1 a@x.example").await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(taken(&test.database, "192.0.2.1 a@x.example", at(304)).await, None, "got in");
}

async fn names_are_forgotten_in_time(test: TestDatabase) {
    for number in 0..5 {
        assert_eq!(taken(&test.database, &format!("name {number}"), NOW.plus_seconds(number)).await, None);
    }
    let names = test.texts("SELECT name_hash AS text FROM sign_in_tries").await;
    assert!(names.len() == 5 && !names.iter().any(|name| name.starts_with("name")), "only hashes are stored");
    let write = test.database.write().await.unwrap();
    attempts::forget_before(&write, NOW.plus_seconds(2)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(test.texts("SELECT name_hash AS text FROM sign_in_tries").await.len(), 2);
}
