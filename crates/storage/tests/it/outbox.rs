//! Outgoing messages: stored with their event, sent by one worker at a time, never lost.

use crate::support::{LEASE, NOW, OVER, workspace};
use domain::delivery::{Delivery, DeliveryKind, DeliveryState};
use domain::notification::{
    Notice, NoticeKind, NotificationInput, NotificationState, RunNews, check_notifications,
};
use domain::run::RunKind;
use domain::value::{BookingId, Step, WorkspaceId};
use std::time::Duration;
use storage::Database;
use storage::notification::outbox::SendResult;
use storage::notification::{inbox, outbox, settings};
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(
        message_is_stored_or_rolled_back_with_its_cause,
        same_failures_are_grouped_until_sent,
        abandoned_message_is_sent_by_other_worker,
        message_code_is_stored_once_per_day
    );
}

const WEBHOOK: &str = "https://hooks.slack.com/services/T0001/B0001/abcdefghijklmnopqrstuvwx";

async fn with_slack(database: &Database) -> WorkspaceId {
    let workspace = workspace(database, "w").await;
    let mut given = NotificationInput::default();
    given.slack.webhook_url = Some(WEBHOOK.to_owned());
    let (settings, change) = check_notifications(&given, None, &[]).unwrap();
    let write = database.write().await.unwrap();
    settings::save(&write, workspace, &settings, &change, NOW).await.unwrap();
    write.commit().await.unwrap();
    workspace
}

async fn post(database: &Database, workspace: WorkspaceId, notice: &Notice, seconds: i64) {
    let write = database.write().await.unwrap();
    inbox::publish(&write, workspace, notice, NOW.plus_seconds(seconds)).await.unwrap();
    write.commit().await.unwrap();
}

fn failed(code: &str) -> Notice {
    let booking: BookingId = storage::ids::new(NOW);
    let delivery =
        Delivery::new(storage::ids::new(NOW), booking.into(), DeliveryKind::Todo, DeliveryState::Failed, NOW);
    Notice::delivery_failed(&Delivery { error_code: Some(code.to_owned()), ..delivery })
}

fn sync_failed() -> Notice {
    Notice::run(RunKind::SyncedFields, RunNews::Failed)
}

async fn message_is_stored_or_rolled_back_with_its_cause(test: TestDatabase) {
    let database = &test.database;
    let workspace = with_slack(database).await;
    let write = database.write().await.unwrap();
    inbox::publish(&write, workspace, &sync_failed(), NOW).await.unwrap();
    drop(write);
    let read = database.read();
    assert!(!outbox::any_due(&read, NOW).await.unwrap(), "what did not happen is not told");
    post(database, workspace, &sync_failed(), 0).await;
    assert!(outbox::any_due(&read, NOW).await.unwrap());
    use secrecy::ExposeSecret as _;
    let webhook = settings::webhook(read, workspace).await.unwrap().unwrap();
    assert_eq!(webhook.expose_secret(), WEBHOOK);
    let shown = settings::find(&read, workspace).await.unwrap();
    assert_eq!(shown.slack.webhook_url.as_deref(), Some("https://hooks.slack.com/…uvwx"));
}

async fn same_failures_are_grouped_until_sent(test: TestDatabase) {
    let database = &test.database;
    let workspace = with_slack(database).await;
    for _ in 0..50 {
        post(database, workspace, &failed("A"), 0).await;
    }
    post(database, workspace, &failed("B"), 1).await;
    let write = database.write().await.unwrap();
    assert!(outbox::claim(&write, "w", NOW, LEASE, 10).await.unwrap().is_empty(), "others may join");
    let claimed = outbox::claim(&write, "w", NOW.plus_seconds(20), LEASE, 10).await.unwrap();
    write.commit().await.unwrap();
    let mut counts: Vec<i64> = claimed.iter().map(|(_, one)| one.count).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 50]);
    post(database, workspace, &failed("A"), 30).await;
    let listed = outbox::list(&database.read(), workspace, 10).await.unwrap();
    let later = listed.iter().find(|one| one.state == NotificationState::Waiting).unwrap();
    assert_eq!(
        (later.count, later.due_at),
        (1, NOW.plus_seconds(300)),
        "the next one of its cause in five minutes"
    );
}

async fn abandoned_message_is_sent_by_other_worker(test: TestDatabase) {
    let database = &test.database;
    let workspace = with_slack(database).await;
    post(database, workspace, &sync_failed(), 0).await;
    let claim = async |worker: &str, seconds: i64, lease: Duration| {
        let write = database.write().await.unwrap();
        let now = NOW.plus_seconds(seconds);
        let claimed = outbox::claim(&write, worker, now, lease, 10).await.unwrap();
        write.commit().await.unwrap();
        claimed.into_iter().next()
    };
    let (first, _) = claim("first", 36_000, OVER).await.unwrap();
    let (second, delivery) = claim("second", 0, LEASE).await.unwrap();
    assert_eq!(delivery.attempts, 2, "the first one, whose clock is ten hours fast, has died");
    assert!(claim("third", 36_000, LEASE).await.is_none(), "somebody is at it");
    let settle = async |claim, outcome| {
        let write = database.write().await.unwrap();
        let said = Step::new("channel-accepted").with("said", "200 ok");
        outbox::save_result(&write, claim, &outcome, &said, NOW).await.unwrap();
        write.commit().await.unwrap();
        outbox::list(&database.read(), workspace, 1).await.unwrap()[0].state
    };
    assert_eq!(settle(first, SendResult::GivenUp).await, NotificationState::Sending, "the first is too late");
    assert_eq!(settle(second, SendResult::Again(NOW.plus_seconds(90))).await, NotificationState::Retrying);
    assert!(claim("third", 89, LEASE).await.is_none());
    let (third, _) = claim("third", 90, LEASE).await.unwrap();
    assert_eq!(settle(third, SendResult::Sent).await, NotificationState::Sent);
    assert!(claim("third", 100_000, LEASE).await.is_none());
}

async fn message_code_is_stored_once_per_day(test: TestDatabase) {
    let database = &test.database;
    let workspace = with_slack(database).await;
    for day in ["2026-05-22", "2026-05-22", "2026-05-23", "2026-05-23"] {
        let write = database.write().await.unwrap();
        let notice = Notice::new(NoticeKind::ApiLimitNear);
        inbox::publish_once_a_day(&write, workspace, &notice, day, NOW).await.unwrap();
        write.commit().await.unwrap();
    }
    assert_eq!(inbox::list(&database.read(), workspace, 10).await.unwrap().len(), 2);
}
