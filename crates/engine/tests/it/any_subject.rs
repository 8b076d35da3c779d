//! A made-up subject writes a custom object through the round, whose code knows neither.

use crate::fixtures::delivery;
use crate::org::{TestOrg, visit_object};
use domain::delivery::{
    Delivery, DeliveryPlan, DeliveryState, Fields, FollowUp, Need, OnDuplicate, RecordAction, Recovery,
    Write, marker,
};
use domain::value::Step;
use engine::delivery::job::{DecisionContext, DeliveryJob};
use engine::delivery::round::Round;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Clock;
use storage::testing::Kind;

const PAGE: &str = "https://www.example.co.jp/料金";

fn job(
    decide: impl Fn(&Delivery, &DecisionContext<'_>) -> DeliveryPlan + Send + Sync + 'static,
) -> DeliveryJob {
    DeliveryJob { delivery: delivery(Clock::default().now()), needs: Vec::new(), decide: Arc::new(decide) }
}

fn fields(values: Value) -> Fields {
    values.as_object().cloned().expect("an object")
}

fn visit(write: Write) -> DeliveryPlan {
    DeliveryPlan::new(vec![write], FollowUp::Finish, vec![Step::new("request")])
}

fn marked(delivery: &Delivery) -> Write {
    let note = marker::mark("資料を閲覧", delivery.id, 32_000);
    let values = fields(json!({ "Name": "訪問", "Page__c": PAGE, "Note__c": note }));
    Write::create("Visit__c", values, Recovery::Marker { field: "Note__c".to_owned() })
}

fn keyed(key: &str) -> Write {
    let values = fields(json!({ "Name": "訪問", "Key__c": key }));
    Write::create("Visit__c", values, Recovery::ExternalId { field: "Key__c".to_owned() })
}

async fn org() -> TestOrg {
    let org = TestOrg::start(Kind::Sqlite).await;
    org.control("schema", visit_object()).await;
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn custom_object_is_looked_up_and_created_in_two_calls() {
    let org = org().await;
    let mut job = job(|delivery, context| {
        assert!(context.found.description("Visit__c").field("Page__c").is_some(), "described as needed");
        match context.found.records("Visit__c", "Page__c", PAGE) {
            [] => visit(marked(delivery)),
            found => DeliveryPlan::nothing(vec![Step::new("todo-exists").with("id", &found[0].id)]),
        }
    });
    job.needs = vec![
        Need::Describe { object: "Visit__c".to_owned() },
        Need::Records { object: "Visit__c".to_owned(), field: "Page__c".to_owned(), value: PAGE.to_owned() },
    ];
    org.store(&job).await;
    let before = org.calls().await;
    assert_eq!(org.deliver(vec![job.clone()]).await, Round::Worked);
    assert_eq!(org.calls().await - before, 2, "one call looks up, one writes");
    let done = org.reload(&job).await.delivery;
    assert_eq!(done.state, DeliveryState::Done, "{done:?}");
    assert_eq!(
        (done.records[0].object.as_str(), done.records[0].action),
        ("Visit__c", RecordAction::Created)
    );

    let again = DeliveryJob { delivery: delivery(Clock::default().now()), ..job };
    org.store(&again).await;
    org.deliver(vec![again.clone()]).await;
    assert_eq!(org.reload(&again).await.delivery.state, DeliveryState::Skipped, "the record was found");
    assert_eq!(org.rows("Visit__c").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_response_is_recovered_by_marker() {
    let org = org().await;
    let job = job(|delivery, _| match delivery.records.as_slice() {
        [] => visit(marked(delivery)),
        _ => DeliveryPlan::nothing(vec![Step::new("todo-exists").with("id", "")]),
    });
    recovers(&org, job).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_response_is_recovered_by_external_id() {
    let org = org().await;
    let job = job(|delivery, _| match delivery.records.as_slice() {
        [] => visit(keyed("v-1")),
        _ => DeliveryPlan::nothing(vec![Step::new("todo-exists").with("id", "")]),
    });
    recovers(&org, job).await;
}

async fn recovers(org: &TestOrg, job: DeliveryJob) {
    org.store(&job).await;
    org.control("faults", json!({ "kind": "lost_answer", "path": "composite", "times": 1 })).await;
    org.deliver(vec![job.clone()]).await;
    let open = org.reload(&job).await;
    assert!(open.delivery.open_attempt.is_some(), "{:?}", open.delivery);
    org.deliver(vec![open.clone()]).await;
    let done = org.reload(&open).await.delivery;
    assert_eq!((done.state, done.open_attempt.is_none()), (DeliveryState::Done, true), "{done:?}");
    assert_eq!(done.records[0].action, RecordAction::Recovered);
    assert_eq!(org.rows("Visit__c").await.len(), 1, "nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicate_counts_as_success_where_the_write_says_so() {
    let org = org().await;
    for (key, meaning, state) in [
        ("first", OnDuplicate::Done, DeliveryState::Done),
        ("first", OnDuplicate::Done, DeliveryState::Done),
        ("first", OnDuplicate::Fail, DeliveryState::Failed),
    ] {
        let job = job(move |_, _| visit(keyed(key).on_duplicate(meaning)));
        org.store(&job).await;
        org.deliver(vec![job.clone()]).await;
        let ended = org.reload(&job).await.delivery;
        assert_eq!(ended.state, state, "{ended:?}");
    }
    assert_eq!(org.rows("Visit__c").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_value_is_dropped_unless_required() {
    let org = org().await;
    let long = "x".repeat(300);
    for (required, dropped, state) in [
        (&[] as &[&str], vec!["Page__c".to_owned()], DeliveryState::Done),
        (&["Page__c"], Vec::new(), DeliveryState::Failed),
    ] {
        let (long, required) = (long.clone(), required.to_vec());
        let job = job(move |delivery, _| {
            let mut values = fields(json!({ "Name": "訪問", "Page__c": long }));
            for field in &delivery.dropped_fields {
                values.remove(field);
            }
            visit(Write::create("Visit__c", values, Recovery::Repeatable).requiring(&required))
        });
        org.store(&job).await;
        org.deliver(vec![job.clone()]).await;
        let job = org.reload(&job).await;
        assert_eq!(job.delivery.dropped_fields, dropped);
        if job.delivery.state == DeliveryState::Due {
            org.deliver(vec![job.clone()]).await;
        }
        assert_eq!(org.reload(&job).await.delivery.state, state);
    }
    assert_eq!(org.rows("Visit__c").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn update_with_malformed_id_fails_and_is_not_retried() {
    let org = org().await;
    let job = job(|_, _| visit(Write::update("Visit__c", "no-id", fields(json!({ "Name": "x" })))));
    org.store(&job).await;
    org.deliver(vec![job.clone()]).await;
    let failed = org.reload(&job).await.delivery;
    assert_eq!(
        (failed.state, failed.error_code.as_deref()),
        (DeliveryState::Failed, Some("INVALID_REQUEST"))
    );
}
