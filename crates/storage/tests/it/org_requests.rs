//! Requests to an org: answered by one worker, by another one when it dies.

use crate::support::{LEASE, NOW, OVER, workspace};
use std::time::Duration;
use storage::StorageError;
use storage::org_request::{self, OrgRequest, OrgResponse, RequestClaim};
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(abandoned_request_is_answered_by_other_worker, deadly_request_is_given_up);
}

async fn claim(test: &TestDatabase, worker: &str, lease: Duration) -> Option<(RequestClaim, OrgRequest)> {
    let write = test.database.write().await.unwrap();
    let claimed = org_request::claim(&write, worker, lease, 8).await.unwrap();
    write.commit().await.unwrap();
    claimed.into_iter().next()
}

async fn complete(
    test: &TestDatabase,
    claim: RequestClaim,
    answer: &OrgResponse,
) -> Result<(), StorageError> {
    let write = test.database.write().await.unwrap();
    org_request::complete(&write, claim, answer).await?;
    write.commit().await
}

async fn abandoned_request_is_answered_by_other_worker(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let read = test.database.read();
    assert!(!org_request::any_to_do(&read).await.unwrap());
    let write = test.database.write().await.unwrap();
    let asked = org_request::enqueue(&write, workspace, &OrgRequest::Preflight, NOW).await.unwrap();
    write.commit().await.unwrap();
    assert!(org_request::any_to_do(&read).await.unwrap());

    let (first, request) = claim(&test, "first", LEASE).await.unwrap();
    assert_eq!((first.request, request), (asked, OrgRequest::Preflight));
    assert!(claim(&test, "second", LEASE).await.is_none(), "somebody is at it");
    let write = test.database.write().await.unwrap();
    org_request::renew(&write, first, OVER).await.unwrap();
    write.commit().await.unwrap();
    assert!(org_request::any_to_do(&read).await.unwrap());

    let (second, _) = claim(&test, "second", LEASE).await.unwrap();
    let write = test.database.write().await.unwrap();
    let lost = org_request::renew(&write, first, LEASE).await;
    assert!(matches!(lost, Err(StorageError::LeaseLost)), "{lost:?}");
    drop(write);
    let late = complete(&test, first, &OrgResponse::NotConnected).await;
    assert!(matches!(late, Err(StorageError::LeaseLost)), "{late:?}");
    assert_eq!(org_request::answer(&read, workspace, asked).await.unwrap(), None);
    complete(&test, second, &OrgResponse::Described).await.unwrap();
    let answer = org_request::answer(&read, workspace, asked).await.unwrap();
    assert_eq!(answer, Some(OrgResponse::Described));
    assert!(!org_request::any_to_do(&read).await.unwrap());
}

async fn deadly_request_is_given_up(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let write = test.database.write().await.unwrap();
    org_request::enqueue(&write, workspace, &OrgRequest::Preflight, NOW).await.unwrap();
    write.commit().await.unwrap();
    for _ in 0..3 {
        assert!(claim(&test, "dies", OVER).await.is_some());
    }
    assert!(claim(&test, "lives", OVER).await.is_none());
    assert!(!org_request::any_to_do(&test.database.read()).await.unwrap());
}
