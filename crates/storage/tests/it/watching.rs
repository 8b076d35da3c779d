//! What pages watch and charts count: changes by kind, and numbers by a quarter of an hour.

use crate::support::{NOW, booking, delivery, workspace};
use domain::delivery::{Delivery, DeliveryState};
use domain::notification::{Notice, NoticeKind};
use domain::run::{ApiFeature, RunKind, RunTrigger};
use storage::booking::bookings;
use storage::changes;
use storage::delivery::deliveries;
use storage::notification::inbox;
use storage::org::api_calls;
use storage::run::runs;
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(each_kind_of_change_is_told_apart, numbers_are_counted_by_quarter_of_an_hour);
}

async fn each_kind_of_change_is_told_apart(test: TestDatabase) {
    let own = workspace(&test.database, "w").await;
    let other = workspace(&test.database, "other").await;
    let look = async || changes::latest(&test.database.read(), own).await.unwrap();
    let first = look().await;
    let one = booking(storage::ids::new(NOW), NOW, 30);
    let write = test.database.write().await.unwrap();
    bookings::create(&write, other, &one).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(look().await, first, "what others do is not seen");
    let write = test.database.write().await.unwrap();
    bookings::create(&write, own, &one).await.unwrap();
    write.commit().await.unwrap();
    let second = look().await;
    assert_eq!(first.differing(&second), ["bookings"]);
    let write = test.database.write().await.unwrap();
    deliveries::create(&write, own, &delivery(one.id, NOW), NOW).await.unwrap();
    write.commit().await.unwrap();
    let third = look().await;
    assert_eq!(second.differing(&third), ["deliveries"]);
    let write = test.database.write().await.unwrap();
    runs::request(&write, own, RunKind::SyncedFields, RunTrigger::Manual, NOW).await.unwrap();
    write.commit().await.unwrap();
    let fourth = look().await;
    assert_eq!(third.differing(&fourth), ["runs"]);
    let write = test.database.write().await.unwrap();
    inbox::publish(&write, own, &Notice::new(NoticeKind::ApiLimitNear), NOW).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(fourth.differing(&look().await), ["notices"]);
}

async fn numbers_are_counted_by_quarter_of_an_hour(test: TestDatabase) {
    let own = workspace(&test.database, "w").await;
    let write = test.database.write().await.unwrap();
    for minutes in [-60, 0, 1, 20] {
        let mut one = booking(storage::ids::new(NOW), NOW.plus_minutes(60), 30);
        one.created_at = NOW.plus_minutes(minutes);
        one.hosts.clear();
        bookings::create(&write, own, &one).await.unwrap();
        let failed = Delivery { state: DeliveryState::Failed, ..delivery(one.id, NOW) };
        deliveries::create(&write, own, &failed, one.created_at).await.unwrap();
    }
    api_calls::count(&write, own, ApiFeature::Preflight, 3, NOW).await.unwrap();
    write.commit().await.unwrap();
    let read = test.database.read();
    let mut made = bookings::made_since(&read, own, NOW).await.unwrap();
    made.sort_unstable();
    assert_eq!(made.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 1]);
    assert!(made.iter().all(|(at, _)| at.seconds() % (15 * 60) == 0));
    let settled = deliveries::settled_since(&read, own, NOW).await.unwrap();
    assert!(settled.iter().all(|(state, ..)| *state == DeliveryState::Failed));
    assert_eq!(settled.iter().map(|(.., count)| count).sum::<i64>(), 3);
    let day = NOW.to_jiff().strftime("%Y-%m-%d").to_string();
    let calls = api_calls::since(&read, own, &day).await.unwrap();
    assert_eq!(calls, [(day, "preflight".to_owned(), 3)]);
}
