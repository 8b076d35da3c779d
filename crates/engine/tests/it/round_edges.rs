//! What a round does when the org, the connection, the lease or a person gets in its way.

use crate::fixtures::delivery;
use crate::org::{TestOrg, visit_object};
use domain::delivery::{Delivery, DeliveryPlan, DeliveryState, FollowUp, Need, OnDuplicate, Recovery, Write};
use domain::value::{EmailAddress, Step, Timestamp};
use engine::delivery::job::{DecisionContext, DeliveryJob};
use engine::delivery::round::Round;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use storage::delivery::deliveries;
use storage::org::{connections, descriptions};
use storage::queue::org_lease;
use storage::testing::Kind;
use storage::{Clock, StorageError};

const PATH: &str = "composite";

async fn org() -> TestOrg {
    let org = TestOrg::start(Kind::Sqlite).await;
    org.control("schema", visit_object()).await;
    org
}

fn now() -> Timestamp {
    Clock::default().now()
}

/// A job that writes this.
fn writing(write: Write) -> DeliveryJob {
    let decide = move |_: &Delivery, _: &DecisionContext<'_>| {
        DeliveryPlan::new(vec![write.clone()], FollowUp::Finish, Vec::new())
    };
    DeliveryJob { delivery: delivery(now()), needs: Vec::new(), decide: Arc::new(decide) }
}

fn visit(key: &str) -> Write {
    let fields = json!({ "Name": "訪問", "Key__c": key }).as_object().cloned().unwrap();
    Write::create("Visit__c", fields, Recovery::ExternalId { field: "Key__c".to_owned() })
}

/// A job that looks a person up and writes then.
fn searching(key: &str) -> DeliveryJob {
    let email = EmailAddress::parse(&format!("{key}@example.co.jp")).unwrap();
    DeliveryJob { needs: vec![Need::People { email }], ..writing(visit(key)) }
}

/// Stores the jobs and works on them in one round.
async fn round(org: &TestOrg, jobs: &[DeliveryJob]) -> Round {
    for job in jobs {
        org.store(job).await;
    }
    org.deliver(jobs.to_vec()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_look_up_postpones_all_and_writes_nothing() {
    let org = org().await;
    for (fault, code) in [
        (json!({ "kind": "status", "status": 503 }), "ANSWER_LOST"),
        (json!({ "kind": "daily_limit" }), "REQUEST_LIMIT_EXCEEDED"),
        (json!({ "kind": "status", "status": 403, "code": "INSUFFICIENT_ACCESS" }), "INSUFFICIENT_ACCESS"),
        (json!({ "kind": "cut", "percent": 50 }), "ANSWER_LOST"),
    ] {
        let mut fault = fault;
        (fault["path"], fault["times"]) = (json!(PATH), json!(1));
        org.control("faults", fault).await;
        let (before, jobs) = (now(), [searching("taro"), searching("hanako")]);
        assert_eq!(round(&org, &jobs).await, Round::Idle, "{code}");
        for job in &jobs {
            let postponed = org.reload(job).await.delivery;
            assert_eq!((postponed.state, postponed.attempts), (DeliveryState::Due, 1), "{postponed:?}");
            assert_eq!(postponed.error_code.as_deref(), Some(code));
            assert!(postponed.due_at > before && postponed.open_attempt.is_none(), "{postponed:?}");
        }
    }
    assert!(org.rows("Visit__c").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn session_that_ends_is_renewed_once() {
    let org = org().await;
    let first = org.token_version().await.expect("a connection");
    org.control("faults", json!({ "kind": "session_expired", "path": PATH, "times": 1 })).await;
    let jobs = [searching("taro"), searching("hanako")];
    assert_eq!(round(&org, &jobs).await, Round::Worked);
    assert_eq!(org.token_version().await, Some(first + 1), "one new token for the look-up and the writes");
    for job in &jobs {
        assert_eq!(org.reload(job).await.delivery.state, DeliveryState::Done);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn session_that_ends_before_the_write_is_renewed_for_the_next_round() {
    let org = org().await;
    let first = org.token_version().await.expect("a connection");
    org.control("faults", json!({ "kind": "session_expired", "path": PATH, "times": 1 })).await;
    let job = writing(visit("taro"));
    assert_eq!(round(&org, std::slice::from_ref(&job)).await, Round::Worked);
    let refused = org.reload(&job).await;
    assert_eq!(
        (refused.delivery.state, refused.delivery.open_attempt.is_some()),
        (DeliveryState::Due, false)
    );
    assert_eq!(refused.delivery.error_code.as_deref(), Some("INVALID_SESSION_ID"));
    assert_eq!(org.token_version().await, Some(first + 1));
    org.deliver(vec![refused.clone()]).await;
    assert_eq!(org.reload(&refused).await.delivery.state, DeliveryState::Done);
    assert_eq!(org.token_version().await, Some(first + 1), "the new token is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn token_that_cannot_be_had_now_postpones_and_keeps_the_connection() {
    let org = org().await;
    org.control(
        "faults",
        json!([
            { "kind": "session_expired", "path": PATH, "times": 1 },
            { "kind": "status", "status": 503, "path": "oauth2/token", "times": 1 },
        ]),
    )
    .await;
    let job = searching("taro");
    assert_eq!(round(&org, std::slice::from_ref(&job)).await, Round::Idle);
    let postponed = org.reload(&job).await;
    assert_eq!(postponed.delivery.state, DeliveryState::Due);
    assert_eq!(postponed.delivery.error_code.as_deref(), Some("NOT_REACHED"));
    org.deliver(vec![postponed.clone()]).await;
    assert_eq!(org.reload(&postponed).await.delivery.state, DeliveryState::Done, "the next round gets one");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_a_round_is_idle() {
    let org = org().await;
    let write = org.test.database.write().await.unwrap();
    connections::remove(&write, org.lease.workspace).await.unwrap();
    write.commit().await.unwrap();
    let (calls, job) = (org.calls().await, searching("taro"));
    assert_eq!(round(&org, std::slice::from_ref(&job)).await, Round::Idle);
    assert_eq!(org.reload(&job).await.delivery, job.delivery, "nothing is counted as an attempt");
    assert_eq!(org.calls().await, calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_subjects_cost_two_calls() {
    let org = org().await;
    let jobs: Vec<DeliveryJob> = (0..200).map(|number| searching(&format!("v{number:03}"))).collect();
    let before = org.calls().await;
    assert_eq!(round(&org, &jobs).await, Round::Worked);
    assert_eq!(org.calls().await - before, 2);
    assert_eq!(org.rows("Visit__c").await.len(), 200);
    for job in &jobs {
        let done = org.reload(job).await.delivery;
        let record = org_record(&org, &done.records[0].id).await;
        assert_eq!(done.state, DeliveryState::Done);
        let Need::People { email } = &job.needs[0] else { panic!("a person is looked up") };
        assert!(email.key().starts_with(record["Key__c"].as_str().unwrap()), "{record} is its own");
    }
}

async fn org_record(org: &TestOrg, id: &str) -> Value {
    let rows = org.rows("Visit__c").await;
    rows.into_iter().find(|row| row["Id"] == id).expect("the record that was noted")
}

#[tokio::test(flavor = "multi_thread")]
async fn refusal_among_many_writes_fails_only_its_own_delivery() {
    let org = org().await;
    round(&org, &[writing(visit("taken"))]).await;
    let mut jobs: Vec<DeliveryJob> = (0..28).map(|number| writing(visit(&format!("v{number}")))).collect();
    jobs[3] = writing(visit("taken"));
    jobs[7] = writing(visit("taken").on_duplicate(OnDuplicate::Done));
    jobs[11] = writing(Write::update("Visit__c", "だれか", Default::default()));
    round(&org, &jobs).await;
    for (place, job) in jobs.iter().enumerate() {
        let ended = org.reload(job).await.delivery;
        let expected = match place {
            3 => (DeliveryState::Failed, Some("DUPLICATE_VALUE")),
            11 => (DeliveryState::Failed, Some("INVALID_REQUEST")),
            _ => (DeliveryState::Done, None),
        };
        assert_eq!((ended.state, ended.error_code.as_deref()), expected, "{place}: {ended:?}");
    }
    assert_eq!(org.rows("Visit__c").await.len(), 26);
}

#[tokio::test(flavor = "multi_thread")]
async fn delivery_cancelled_since_it_was_read_is_not_written() {
    let org = org().await;
    let (cancelled, other) = (writing(visit("取消")), writing(visit("予約")));
    org.store(&cancelled).await;
    org.store(&other).await;
    let write = org.test.database.write().await.unwrap();
    deliveries::cancel_waiting(&write, org.lease.workspace, cancelled.delivery.subject, now()).await.unwrap();
    write.commit().await.unwrap();
    org.deliver(vec![cancelled.clone(), other.clone()]).await;
    assert_eq!(org.reload(&cancelled).await.delivery.state, DeliveryState::Cancelled);
    assert_eq!(org.reload(&other).await.delivery.state, DeliveryState::Done);
    let keys: Vec<Value> = org.rows("Visit__c").await.iter().map(|row| row["Key__c"].clone()).collect();
    assert_eq!(keys, ["予約"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn worker_that_lost_its_lease_writes_nothing() {
    let org = org().await;
    let job = writing(visit("taro"));
    org.store(&job).await;
    let write = org.test.database.write().await.unwrap();
    org_lease::open(&write, org.lease.workspace, now()).await.unwrap();
    write.commit().await.unwrap();
    assert!(matches!(org.try_deliver(vec![job.clone()]).await, Err(StorageError::LeaseLost)));
    assert!(org.rows("Visit__c").await.is_empty());
    assert_eq!(org.reload(&job).await.delivery, job.delivery);
}

#[tokio::test(flavor = "multi_thread")]
async fn reached_limit_lets_the_org_rest() {
    for (fault, job, seconds) in [
        (json!({ "kind": "daily_limit" }), searching("taro"), 60),
        (json!({ "kind": "daily_limit" }), writing(visit("taro")), 60),
        (json!({ "kind": "status", "status": 429 }), writing(visit("taro")), 5),
        (json!({ "kind": "status", "status": 429 }), searching("taro"), 5),
    ] {
        let (org, waiting) = (org().await, writing(visit("hanako")));
        org.store(&waiting).await;
        let mut fault = fault;
        (fault["path"], fault["times"]) = (json!(PATH), json!(1));
        org.control("faults", fault.clone()).await;
        let before = now();
        round(&org, &[job]).await;
        let after = now();
        let write = org.test.database.write().await.unwrap();
        org_lease::release(&write, org.lease).await.unwrap();
        let mut claimed = Vec::new();
        for at in [before.plus_seconds(seconds - 1), after.plus_seconds(seconds + 1)] {
            claimed.push(org_lease::claim(&write, "b", at, Duration::from_secs(60), 1).await.unwrap().len());
        }
        write.commit().await.unwrap();
        assert_eq!(claimed, [0, 1], "{fault} for {seconds} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn describe_is_kept_and_object_that_is_not_there_is_hidden() {
    let org = org().await;
    let describe = |object: &str| Need::Describe { object: object.to_owned() };
    let decide = |_: &Delivery, context: &DecisionContext<'_>| {
        let (seen, none) = (context.found.description("Visit__c"), context.found.description("Nothing__c"));
        assert!(seen.createable && seen.field("Key__c").is_some(), "{seen:?}");
        assert!(!none.createable && none.fields.is_empty(), "{none:?}");
        DeliveryPlan::nothing(vec![Step::new("page-off")])
    };
    let needs = vec![describe("Visit__c"), describe("Nothing__c")];
    for _ in 0..2 {
        let decide = Arc::new(decide);
        let job = DeliveryJob { delivery: delivery(now()), needs: needs.clone(), decide };
        assert_eq!(round(&org, std::slice::from_ref(&job)).await, Round::Worked);
        assert_eq!(org.reload(&job).await.delivery.state, DeliveryState::Skipped);
        let read = org.test.database.read();
        let kept = |object| descriptions::find(&read, org.lease.workspace, object);
        assert!(kept("Visit__c").await.unwrap().is_some_and(|kept| !kept.last_modified.is_empty()));
        assert!(kept("Nothing__c").await.unwrap().is_none(), "what is hidden now may be shown later");
    }
}
