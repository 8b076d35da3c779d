use jiff::{SignedDuration, Timestamp, ToSpan as _};
use salesforce::{DELETED_DAYS, Error, UPDATED_DAYS};
use serde_json::json;

use crate::org::Org;

async fn org_time(org: &Org) -> Timestamp {
    org.client.get("limits").await.unwrap().server_time.unwrap()
}

#[tokio::test]
async fn updated_and_deleted_give_ids_and_date_covered() {
    let org = Org::empty().await;
    let ids = org.accounts(3).await;
    org.client.delete("Account", &ids[1]).await.unwrap();
    org.control("clock", json!({"advance_seconds": 120})).await;
    let now = org_time(&org).await;
    let start = now - 10.minutes();
    let updated = org.client.updated("Account", start, now).await.unwrap();
    let mut told = updated.value.ids;
    told.sort();
    assert_eq!(told, [ids[0], ids[2]]);
    let deleted = org.client.deleted("Account", start, now).await.unwrap().value;
    assert_eq!(deleted.deleted_records.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[1]]);
    assert!((start..now).contains(&deleted.deleted_records[0].deleted_date));
    for covered in [updated.value.latest_date_covered, deleted.latest_date_covered] {
        assert!(start < covered && covered <= now, "{covered}");
    }
    let reach = now.duration_since(deleted.earliest_date_available).as_hours();
    assert!((24 * DELETED_DAYS - 1..=24 * DELETED_DAYS).contains(&reach), "{reach} hours");
}

#[tokio::test]
async fn window_before_retention_is_detected() {
    let org = Org::empty().await;
    let now = org_time(&org).await;
    let ago = |days: i64| now - SignedDuration::from_hours(24 * days) + SignedDuration::from_mins(2);
    assert!(org.client.updated("Account", ago(UPDATED_DAYS), now).await.is_ok());
    assert!(org.client.deleted("Account", ago(DELETED_DAYS), now).await.is_ok());
    let error = org.client.updated("Account", ago(UPDATED_DAYS + 1), now).await.unwrap_err();
    assert!(error.is_outside_replication_window() && !error.is_transient());
    let error = org.client.deleted("Account", ago(DELETED_DAYS + 1), now).await.unwrap_err();
    assert!(error.is_outside_replication_window() && !error.is_too_many_ids());
}

#[tokio::test]
async fn window_under_a_minute_is_not_sent() {
    let org = Org::empty().await;
    let minute: Timestamp = "2026-05-22T10:00:00Z".parse().unwrap();
    let before = org.requests().await.len();
    for end in [minute, minute + 59.seconds(), minute - 1.hour()] {
        let error = org.client.updated("Account", minute, end).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error}");
    }
    assert_eq!(org.requests().await.len(), before);
}
