//! Subscribing to what changes in an org.

use std::time::Duration;

use salesforce::change_events::{
    ALL_CHANGES, ChangeBatch, ChangeEvent, ChangeEventsClient, ChangeEventsError, ChangeSubscription,
    ChangeType, ChangedRecords, PubSubEndpoint, Remedy, ReplayId, StartAt,
};
use salesforce::{Record, SalesforceId, WriteOptions};
use salesforce_emulator::Seed;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::org::Org;
use crate::server::http;

const LEADS: &str = "/data/LeadChangeEvent";

async fn selected(objects: &[&str]) -> Org {
    let org = Org::empty().await;
    org.control("change-events", json!({"selected": objects})).await;
    org
}

async fn subscriber(org: &Org) -> ChangeEventsClient {
    let organization = org.client.user_info().await.unwrap().value.organization_id;
    let endpoint = PubSubEndpoint::Other(org.url.clone());
    ChangeEventsClient::new(&endpoint, &org.url, org.token().await, organization).unwrap()
}

async fn lead(org: &Org, name: &str) -> SalesforceId {
    org.create("Lead", json!({"LastName": name, "Company": "継手"})).await
}

/// The next events.
async fn next(changes: &mut ChangeSubscription) -> Vec<ChangeEvent> {
    let batch = changes.next().await.unwrap().unwrap();
    assert!(!batch.events.is_empty(), "a sign of life came where events were expected");
    batch.events
}

async fn next_events(changes: &mut ChangeSubscription, number: usize) -> Vec<ChangeEvent> {
    let mut events = Vec::new();
    while events.len() < number {
        events.extend(next(changes).await);
    }
    events
}

async fn failure(mut changes: ChangeSubscription) -> ChangeEventsError {
    loop {
        match changes.next().await {
            Ok(batch) => assert!(batch.is_some()),
            Err(error) => return error,
        }
    }
}

#[tokio::test]
async fn saved_records_give_their_headers() {
    let org = selected(&["Lead", "Contact"]).await;
    let mut changes = subscriber(&org).await.subscribe(ALL_CHANGES, StartAt::Earliest);
    let id = lead(&org, "佐藤").await;
    let change = Record::of("Lead").with("Title", "部長");
    org.client.update("Lead", &id, &change, &WriteOptions::default()).await.unwrap();
    org.create("Contact", json!({"LastName": "鈴木"})).await;
    let events = next_events(&mut changes, 3).await;
    let [created, updated, contact] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(created.header.entity_name, "Lead");
    assert_eq!(created.header.change_type, ChangeType::Create);
    assert_eq!(created.header.records(), ChangedRecords::These(vec![id]));
    assert!(created.header.change_origin.starts_with("com/salesforce/api/rest/"), "{:?}", created.header);
    assert_eq!(updated.header.change_type, ChangeType::Update);
    assert_eq!(updated.header.changed_fields, ["0x08000004"]);
    assert_ne!(updated.header.transaction_key, created.header.transaction_key);
    assert!(updated.header.commit_number > created.header.commit_number);
    assert_eq!(contact.header.entity_name, "Contact");
}

#[tokio::test]
async fn change_names_the_client_that_made_it() {
    let org = selected(&["Lead"]).await;
    let mut changes = subscriber(&org).await.subscribe(LEADS, StartAt::Earliest);
    let body = json!({"LastName": "佐藤", "Company": "継手"});
    let leads = org.url.join("/services/data/v66.0/sobjects/Lead").unwrap();
    let create = http().post(leads).bearer_auth(org.token().await.expose_secret()).json(&body);
    let created = create.header("Sforce-Call-Options", "client=Tsugite").send().await.unwrap();
    assert!(created.status().is_success());
    let header = next(&mut changes).await.remove(0).header;
    assert_eq!(header.client(), Some("Tsugite"));
    assert_eq!(header.commit_user, org.client.user_info().await.unwrap().value.user_id.to_string());
}

#[tokio::test]
async fn merge_in_the_browser_tells_of_both_records() {
    let org = selected(&["Lead"]).await;
    let (winner, loser) = (lead(&org, "一").await, lead(&org, "二").await);
    org.control("merge", json!({"master_id": winner.to_string(), "losing_ids": [loser.to_string()]})).await;
    let mut changes = subscriber(&org).await.subscribe(LEADS, StartAt::Earliest);
    let events = next_events(&mut changes, 4).await;
    let (lost, won) = (&events[2].header, &events[3].header);
    assert_eq!(
        (&lost.change_type, lost.records()),
        (&ChangeType::Delete, ChangedRecords::These(vec![loser]))
    );
    assert_eq!((&won.change_type, won.records()), (&ChangeType::Update, ChangedRecords::These(vec![winner])));
    assert_eq!(lost.transaction_key, won.transaction_key);
    assert_eq!((lost.client(), lost.change_origin.as_str()), (None, ""));
}

#[tokio::test]
async fn position_is_read_on_from() {
    let org = selected(&["Lead"]).await;
    let client = subscriber(&org).await;
    for name in ["一", "二", "三"] {
        lead(&org, name).await;
    }
    let mut changes = client.subscribe(LEADS, StartAt::Earliest);
    let seen = next_events(&mut changes, 3).await;
    drop(changes);
    let fourth = lead(&org, "四").await;
    let behind = |event: &ChangeEvent| StartAt::After(event.replay_id.clone());
    let mut changes = client.subscribe(LEADS, behind(&seen[2]));
    assert_eq!(next(&mut changes).await[0].header.records(), ChangedRecords::These(vec![fourth]));
    let mut changes = client.subscribe(LEADS, behind(&seen[0]));
    assert_eq!(next_events(&mut changes, 3).await[..2], seen[1..]);
}

#[tokio::test]
async fn crowd_of_events_arrives_complete_and_in_order() {
    let org = selected(&["Account"]).await;
    let mut changes = subscriber(&org).await.subscribe(ALL_CHANGES, StartAt::Earliest);
    let ids = org.accounts(450).await;
    let events = next_events(&mut changes, ids.len()).await;
    let read = events.iter().map(|event| event.header.records());
    let made = ids.into_iter().map(|id| ChangedRecords::These(vec![id]));
    assert!(read.eq(made));
}

#[tokio::test]
async fn signs_of_life_move_the_position() {
    let org = selected(&["Contact", "Lead"]).await;
    let client = subscriber(&org).await;
    org.create("Contact", json!({"LastName": "鈴木"})).await;
    let mut contacts = client.subscribe("/data/ContactChangeEvent", StartAt::Earliest);
    next(&mut contacts).await;
    lead(&org, "佐藤").await;
    let event = next(&mut client.subscribe(LEADS, StartAt::Earliest)).await.remove(0);
    org.control("clock", json!({"advance_seconds": 61})).await;
    let sign = contacts.next().await.unwrap().unwrap();
    assert_eq!(sign, ChangeBatch { events: Vec::new(), replay_id: event.replay_id });
}

#[tokio::test]
async fn latest_begins_with_what_happens_next() {
    let org = selected(&["Lead"]).await;
    lead(&org, "一").await;
    let mut changes = subscriber(&org).await.subscribe(LEADS, StartAt::Latest);
    let waiting = tokio::spawn(async move { next(&mut changes).await });
    while org.subscriptions().await == 0 {}
    let second = lead(&org, "二").await;
    let events = waiting.await.unwrap();
    assert_eq!(events[0].header.records(), ChangedRecords::These(vec![second]));
}

#[tokio::test]
async fn gaps_and_overflows_say_what_to_read_again() {
    let org = selected(&["Lead"]).await;
    let id = lead(&org, "佐藤").await;
    let mut changes = subscriber(&org).await.subscribe(LEADS, StartAt::Earliest);
    let gap =
        json!({"gap": {"object": "Lead", "ids": [id.to_string()], "type": "GAP_DELETE"}, "overflow": "Lead"});
    org.control("change-events", gap).await;
    let events = next_events(&mut changes, 3).await;
    assert_eq!(events[1].header.change_type, ChangeType::Gap);
    assert_eq!(events[1].header.records(), ChangedRecords::These(vec![id]));
    assert_eq!(events[2].header.change_type, ChangeType::Overflow);
    assert_eq!(events[2].header.records(), ChangedRecords::Any);
}

#[tokio::test]
async fn new_field_gives_new_schema_in_the_same_subscription() {
    let org = selected(&["Lead"]).await;
    let mut changes = subscriber(&org).await.subscribe(LEADS, StartAt::Earliest);
    lead(&org, "佐藤").await;
    next(&mut changes).await;
    let field =
        json!({"fields": [{"object": "Lead", "name": "Score__c", "type": "double", "label": "Score"}]});
    org.control("schema", field).await;
    let id = lead(&org, "鈴木").await;
    assert_eq!(next(&mut changes).await[0].header.records(), ChangedRecords::These(vec![id]));
    let schemas = org.requests().await.into_iter().filter(|request| request.ends_with("/GetSchema"));
    assert_eq!(schemas.count(), 2);
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let org = selected(&["Lead"]).await;
    let client = subscriber(&org).await;
    let stale = StartAt::After(ReplayId::from_bytes([7; 10]));
    for (topic, start, remedy) in [
        ("/data/NothingChangeEvent", StartAt::Latest, Remedy::PollOnly),
        ("", StartAt::Latest, Remedy::Report),
        (LEADS, stale, Remedy::DropPosition),
        (LEADS, StartAt::After(ReplayId::from_bytes([1, 2, 3])), Remedy::DropPosition),
    ] {
        let error = failure(client.subscribe(topic, start)).await;
        assert_eq!(error.remedy(), remedy, "{topic}: {error:?}");
    }
    let dead = client.clone().with_token(&"00D!dead".into()).unwrap();
    let error = failure(dead.subscribe(LEADS, StartAt::Latest)).await;
    assert_eq!(error, ChangeEventsError::Authentication { code: "service.auth.error".to_owned() });
    assert_eq!(error.remedy(), Remedy::RenewToken);
}

#[tokio::test]
async fn position_of_before_a_reset_is_dropped() {
    let org = selected(&["Lead"]).await;
    let client = subscriber(&org).await;
    let mut changes = client.subscribe(LEADS, StartAt::Earliest);
    lead(&org, "佐藤").await;
    let position = next(&mut changes).await.remove(0).replay_id;
    org.control("change-events", json!({"forget": true})).await;
    let error = failure(client.subscribe(LEADS, StartAt::After(position))).await;
    assert_eq!(error.remedy(), Remedy::DropPosition);
}

#[tokio::test]
async fn used_up_deliveries_end_the_subscription() {
    let org = selected(&["Lead"]).await;
    org.control("change-events", json!({"daily_deliveries": 1})).await;
    let client = subscriber(&org).await;
    let mut changes = client.subscribe(LEADS, StartAt::Earliest);
    lead(&org, "佐藤").await;
    next(&mut changes).await;
    lead(&org, "鈴木").await;
    assert_eq!(failure(changes).await, ChangeEventsError::DeliveryLimit);
    let left =
        org.client.limits().await.unwrap().value.get("DailyDeliveredPlatformEvents").unwrap().remaining;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn subscription_that_breaks_off_or_falls_silent_is_tried_again_later() {
    let org = selected(&["Lead"]).await;
    let client = subscriber(&org).await;
    let mut changes = client.subscribe(LEADS, StartAt::Earliest);
    lead(&org, "佐藤").await;
    next(&mut changes).await;
    org.control("change-events", json!({"break_off": true})).await;
    let error = failure(changes).await;
    assert!(matches!(error, ChangeEventsError::Unavailable { rpc_id: None, .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::BackOff);
    org.control("change-events", json!({"silent": true})).await;
    let hasty = client.clone().with_longest_silence(Duration::from_millis(200));
    let error = failure(hasty.subscribe(LEADS, StartAt::Earliest)).await;
    assert_eq!(error, ChangeEventsError::Silence { after: Duration::from_millis(200) });
    org.fault("PubSub/Subscribe", json!({"kind": "status", "status": 503})).await;
    let error = failure(client.subscribe(LEADS, StartAt::Latest)).await;
    assert!(matches!(error, ChangeEventsError::Unavailable { rpc_id: None, .. }), "{error:?}");
}

#[tokio::test]
async fn subscription_outlives_its_token() {
    let org = selected(&["Lead"]).await;
    let client = subscriber(&org).await;
    let mut changes = client.subscribe(LEADS, StartAt::Earliest);
    lead(&org, "佐藤").await;
    next(&mut changes).await;
    org.control("clock", json!({"advance_seconds": 3 * 60 * 60})).await;
    let person = Record::of("Lead").with("LastName", "鈴木").with("Company", "継手");
    let created = org.sign_in().await.create("Lead", &person, &WriteOptions::default()).await.unwrap();
    let mut batch = changes.next().await.unwrap().unwrap();
    while batch.events.is_empty() {
        batch = changes.next().await.unwrap().unwrap();
    }
    assert_eq!(batch.events[0].header.records(), ChangedRecords::These(vec![created.value]));
    let error = failure(client.subscribe(LEADS, StartAt::Latest)).await;
    assert_eq!(error.remedy(), Remedy::RenewToken);
}

#[tokio::test]
async fn topic_of_hidden_object_is_refused() {
    let org = Org::start(Seed::Empty).await;
    let client = subscriber(&org).await;
    org.control("schema", json!({"object_permissions": [{"object": "Lead", "read": false}]})).await;
    let error = failure(client.subscribe(LEADS, StartAt::Latest)).await;
    assert!(matches!(error, ChangeEventsError::Topic { .. }), "{error:?}");
}
