//! Requests to an org that outlive the server that took them.

use crate::harness::TestSystem;
use secrecy::SecretString;
use serde_json::json;
use std::time::Duration;
use storage::org_request::{self, OrgRequest, OrgResponse};
use storage::testing::{Kind, SECRET_KEY};
use storage::workspace::workspaces;
use storage::{Clock, Database, Vault};

mod both {
    crate::on_both_databases!(request_of_killed_server_is_answered_by_next);
}

/// The org is slow to answer the preflight, and its server is killed meanwhile.
async fn request_of_killed_server_is_answered_by_next(kind: Kind) {
    let mut world = TestSystem::begin_with_timeout(kind, 1.0, 2).await;
    let slow = json!({ "kind": "slow", "milliseconds": 60_000, "before_commit": false, "times": 1 });
    world.org.control("faults", &slow).await;
    let vault = Vault::new(&SecretString::from(SECRET_KEY)).unwrap();
    let database = Database::open(world.server.database(), vault).await.unwrap();
    let workspace = workspaces::list(&database.read()).await.unwrap()[0].id;
    let write = database.write().await.unwrap();
    let now = Clock::default().now();
    let asked = org_request::enqueue(&write, workspace, &OrgRequest::Preflight, now).await.unwrap();
    write.commit().await.unwrap();
    database.wake_worker();
    world.org.faults_spent().await;
    world.server.kill_and_restart().await;
    assert_eq!(org_request::answer(&database.read(), workspace, asked).await.unwrap(), None);
    let answered = async {
        loop {
            if let Some(answer) = org_request::answer(&database.read(), workspace, asked).await.unwrap() {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let answer = tokio::time::timeout(Duration::from_secs(60), answered).await.unwrap();
    assert!(matches!(answer, OrgResponse::Preflight { .. }), "{answer:?}");
}
