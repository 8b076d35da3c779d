//! Opening, concurrent migration, and a cancelled begin.

use crate::support::{NOW, workspace};
use secrecy::SecretString;
use std::time::Duration;
use storage::testing::{Kind, SECRET_KEY, TestDatabase, new_empty_address};
use storage::workspace::workspaces;
use storage::{Database, Vault};

mod both {
    crate::on_both!(uncommitted_rows_are_not_visible, cancelled_begin_leaks_no_connection);
}

#[tokio::test]
async fn concurrent_nodes_migrate_once() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (address, _folder) = new_empty_address(kind);
        let nodes: Vec<_> = (0..4)
            .map(|_| {
                let address = address.clone();
                tokio::spawn(async move {
                    Database::open(&address, Vault::new(&SecretString::from(SECRET_KEY)).unwrap())
                        .await
                        .map(drop)
                })
            })
            .collect();
        for node in nodes {
            node.await.unwrap().unwrap();
        }
    }
}

async fn uncommitted_rows_are_not_visible(test: TestDatabase) {
    let write = test.database.write().await.unwrap();
    let lost = workspaces::Workspace {
        id: storage::ids::new(NOW),
        slug: "lost".to_owned(),
        name: "lost".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language: domain::value::Language::English,
    };
    workspaces::create(&write, &lost, NOW).await.unwrap();
    drop(write);
    assert_eq!(workspaces::find(&test.database.read(), lost.id).await.unwrap(), None);
    test.database.check().await.unwrap();
}

/// sqlx 0.9.0 may leave a transaction open on a connection whose `begin` was cancelled; what the next
/// user of that connection writes must be there all the same.
async fn cancelled_begin_leaks_no_connection(test: TestDatabase) {
    let mut kept = Vec::new();
    for round in 0..40_u64 {
        let cancelled = tokio::time::timeout(Duration::from_micros(round * 20), test.database.write()).await;
        drop(cancelled);
        kept.push(workspace(&test.database, &format!("kept-{round}")).await);
    }
    let there = workspaces::list(&test.database.read()).await.unwrap();
    assert_eq!(there.len(), kept.len());
}
