//! One worker per org; a worker whose lease expired can't save.

use crate::support::{LEASE, NOW, OVER, delivery, workspace};
use domain::delivery::{DeliveryState, Fields, Recovery, Write};
use std::time::Duration;
use storage::StorageError;
use storage::delivery::deliveries;
use storage::queue::{lease, org_lease};
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(
        org_is_claimed_by_one_worker,
        lease_ends_by_database_time,
        lease_in_the_future_is_shortened,
        held_deliveries_are_claimed_after_reconnect
    );
}

async fn org_is_claimed_by_one_worker(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let write = test.database.write().await.unwrap();
    org_lease::open(&write, workspace, NOW).await.unwrap();
    let waiting = delivery(storage::ids::new(NOW), NOW.plus_seconds(5));
    deliveries::create(&write, workspace, &waiting, NOW).await.unwrap();
    write.commit().await.unwrap();
    let claim = async |worker: &str, at: domain::value::Timestamp| {
        let write = test.database.write().await.unwrap();
        let claims = org_lease::claim(&write, worker, at, LEASE, 8).await.unwrap();
        write.commit().await.unwrap();
        claims
    };
    assert!(claim("a", NOW).await.is_empty(), "nothing is due yet");
    let due = NOW.plus_seconds(5);
    let first = claim("a", due).await;
    assert_eq!(first.len(), 1);
    assert!(claim("b", due).await.is_empty(), "the lease runs");
    assert!(claim("b", due.plus_minutes(300)).await.is_empty(), "whatever the other node's clock says");
    let write = test.database.write().await.unwrap();
    org_lease::renew(&write, first[0], OVER).await.unwrap();
    write.commit().await.unwrap();
    assert!(claim("c", due.plus_seconds(-1)).await.is_empty(), "nothing is due by this node's clock");
    let second = claim("b", due).await;
    assert_eq!(second.len(), 1);

    let write = test.database.write().await.unwrap();
    let lost = org_lease::renew(&write, first[0], LEASE).await;
    assert!(matches!(lost, Err(StorageError::LeaseLost)), "{lost:?}");
    drop(write);
    let write = test.database.write().await.unwrap();
    org_lease::renew(&write, second[0], LEASE).await.unwrap();
    let mut done = waiting.clone();
    done.state = DeliveryState::Done;
    done.open_attempt = Some(domain::delivery::OpenAttempt {
        org_time: NOW,
        sent_at: NOW,
        writes: vec![Write::create("Task", Fields::new(), Recovery::Repeatable)],
    });
    assert!(deliveries::save(&write, workspace, &done, &deliveries::CLAIMABLE, NOW).await.unwrap());
    let late = deliveries::save(&write, workspace, &waiting, &deliveries::CLAIMABLE, NOW).await.unwrap();
    assert!(!late, "what is decided is not undone by somebody who read it before");
    write.commit().await.unwrap();
    assert_eq!(deliveries::find(&test.database.read(), workspace, waiting.id).await.unwrap(), Some(done));
    let write = test.database.write().await.unwrap();
    org_lease::release(&write, second[0]).await.unwrap();
    write.commit().await.unwrap();
    assert!(claim("c", due.plus_seconds(70)).await.is_empty(), "nothing is left to do");
}

async fn lease_ends_by_database_time(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let write = test.database.write().await.unwrap();
    org_lease::open(&write, workspace, NOW).await.unwrap();
    let waiting = delivery(storage::ids::new(NOW), NOW);
    deliveries::create(&write, workspace, &waiting, NOW).await.unwrap();
    // This node's clock is a day fast, which must not make its lease a day longer.
    let lease = Duration::from_millis(20);
    assert_eq!(org_lease::claim(&write, "a", NOW.plus_minutes(24 * 60), lease, 8).await.unwrap().len(), 1);
    write.commit().await.unwrap();
    let taken_over = async {
        loop {
            let write = test.database.write().await.unwrap();
            let claims = org_lease::claim(&write, "b", NOW, LEASE, 8).await.unwrap();
            write.commit().await.unwrap();
            if !claims.is_empty() {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), taken_over).await.unwrap();
}

async fn held_deliveries_are_claimed_after_reconnect(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let write = test.database.write().await.unwrap();
    let waiting = delivery(storage::ids::new(NOW), NOW);
    deliveries::create(&write, workspace, &waiting, NOW).await.unwrap();
    assert_eq!(deliveries::hold_all(&write, workspace, NOW).await.unwrap(), 1);
    assert_eq!(deliveries::resume_all(&write, workspace, NOW).await.unwrap(), 1);
    assert_eq!(deliveries::due(&write, workspace, NOW, 10).await.unwrap().len(), 1);
    write.commit().await.unwrap();
}

/// The database's clock was two hours ahead when the lease was taken, and was set right since.
async fn lease_in_the_future_is_shortened(test: TestDatabase) {
    let workspace = workspace(&test.database, "future").await;
    let length = Duration::from_millis(300);
    let write = test.database.write().await.unwrap();
    org_lease::open(&write, workspace, NOW).await.unwrap();
    deliveries::create(&write, workspace, &delivery(storage::ids::new(NOW), NOW), NOW).await.unwrap();
    write.commit().await.unwrap();
    let claim = async |length| {
        let write = test.database.write().await.unwrap();
        let claimed = org_lease::claim(&write, "worker", NOW, length, 8).await.unwrap();
        write.commit().await.unwrap();
        claimed.len()
    };
    assert_eq!(claim(Duration::from_secs(7_200)).await, 1);
    assert!(lease::has_future_leases(&test.database.read(), length).await.unwrap());
    let write = test.database.write().await.unwrap();
    assert_eq!(lease::shorten_future_leases(&write, length).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert!(!lease::has_future_leases(&test.database.read(), length).await.unwrap());
    let until = tokio::time::Instant::now() + Duration::from_secs(20);
    while claim(length).await == 0 {
        assert!(tokio::time::Instant::now() < until, "the lease does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
