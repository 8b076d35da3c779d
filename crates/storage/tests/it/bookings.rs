//! Bookings: no double booking, listing, idempotency keys.

use crate::support::{NOW, booking, delivery, workspace};
use domain::value::{MemberId, Timestamp};
use storage::booking::{bookings, cells};
use storage::delivery::deliveries;
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(
        concurrent_bookings_of_one_time_store_one,
        overlap_is_rejected_until_cancelled,
        is_listed
    );
}

async fn concurrent_bookings_of_one_time_store_one(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let member: MemberId = storage::ids::new(NOW);
    let tries = (0..32).map(|_| {
        let database = test.database.clone();
        tokio::spawn(async move {
            let write = database.write().await.unwrap();
            let made = bookings::create(&write, workspace, &booking(member, NOW, 30)).await.unwrap();
            if made {
                write.commit().await.unwrap();
            }
            made
        })
    });
    let mut made = 0;
    for one in tries.collect::<Vec<_>>() {
        made += usize::from(one.await.unwrap());
    }
    assert_eq!(made, 1);
    assert_eq!(bookings::list(&test.database.read(), workspace, None, 100).await.unwrap().len(), 1);
}

async fn overlap_is_rejected_until_cancelled(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let member: MemberId = storage::ids::new(NOW);
    let first = booking(member, NOW, 60);
    let attempt = async |start: Timestamp, minutes: i64| {
        let write = test.database.write().await.unwrap();
        let made = bookings::create(&write, workspace, &booking(member, start, minutes)).await.unwrap();
        if made {
            write.commit().await.unwrap();
        }
        made
    };
    let write = test.database.write().await.unwrap();
    assert!(bookings::create(&write, workspace, &first).await.unwrap());
    let waiting = delivery(first.id, NOW);
    deliveries::create(&write, workspace, &waiting, NOW).await.unwrap();
    write.commit().await.unwrap();

    assert!(!attempt(NOW.plus_minutes(55), 30).await, "the last five minutes overlap");
    assert!(!attempt(NOW.plus_minutes(-25), 30).await, "the first five minutes overlap");
    assert!(attempt(NOW.plus_minutes(60), 30).await, "one meeting after the other");
    assert!(attempt(NOW.plus_minutes(-30), 30).await, "one meeting before the other");

    let write = test.database.write().await.unwrap();
    assert!(bookings::cancel(&write, workspace, first.id).await.unwrap());
    assert_eq!(deliveries::cancel_waiting(&write, workspace, first.id.into(), NOW).await.unwrap(), 1);
    write.commit().await.unwrap();
    let write = test.database.write().await.unwrap();
    assert!(!bookings::cancel(&write, workspace, first.id).await.unwrap(), "cancelled once only");
    drop(write);
    assert!(attempt(NOW.plus_minutes(30), 30).await, "the cancelled hour is free again");
}

async fn is_listed(test: TestDatabase) {
    let mine = workspace(&test.database, "mine").await;
    let other = workspace(&test.database, "other").await;
    let member: MemberId = storage::ids::new(NOW);
    let write = test.database.write().await.unwrap();
    let mut made = Vec::new();
    for hour in 0..5 {
        let mut one = booking(member, NOW.plus_minutes(hour * 60), 30);
        one.id = storage::ids::new(NOW.plus_seconds(hour));
        assert!(bookings::create(&write, mine, &one).await.unwrap());
        made.push(one);
    }
    write.commit().await.unwrap();
    made.reverse();
    let read = test.database.read();
    let first = bookings::list(&read, mine, None, 3).await.unwrap();
    let rest = bookings::list(&read, mine, first.last().map(|last| last.id), 3).await.unwrap();
    assert_eq!([first, rest].concat(), made);
    assert_eq!(bookings::find(&read, mine, made[0].id).await.unwrap().as_ref(), Some(&made[0]));
    assert_eq!(bookings::find(&read, other, made[0].id).await.unwrap(), None, "another workspace's");
    let taken = cells::busy(&read, mine, &[member], NOW, NOW.plus_minutes(300)).await.unwrap();
    assert_eq!(taken[&member].len(), 5 * 6);
}
