//! Selecting objects for change events. What subscribers hear is tested with the client in `crates/salesforce`.

use reqwest::{Method, Version};
use salesforce_emulator::Options;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

async fn refusal(org: &Org, body: Value) -> String {
    let url = org.url("/emulator/change-events");
    let told = Told::read(org.http.post(url).json(&body).send().await.unwrap()).await;
    assert_eq!(told.status, 400, "{body}");
    told.body["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn selected_objects_are_told_by_the_tooling_api() {
    let org = Org::start().await;
    assert_eq!(org.observe("/change-events").await["selected"], json!([]));
    org.control("/change-events", json!({"selected": ["Lead", "Contact"]})).await;
    let soql = "SELECT SelectedEntity FROM PlatformEventChannelMember ORDER BY SelectedEntity";
    let asked = org.request(Method::GET, "/tooling/query").query(&[("q", soql)]);
    let told = Told::read(asked.send().await.unwrap()).await;
    let selected: Vec<&Value> =
        told.body["records"].as_array().unwrap().iter().map(|row| &row["SelectedEntity"]).collect();
    assert_eq!(selected, ["ContactChangeEvent", "LeadChangeEvent"]);
}

#[tokio::test]
async fn senseless_requests_are_refused() {
    let org = Org::start().await;
    let many = ["Account", "Campaign", "Contact", "Event", "Lead", "Task"];
    assert!(refusal(&org, json!({"selected": many})).await.contains("at most 5"));
    for body in [
        json!({"selected": ["Profile"]}),
        json!({"selected": ["lead"]}),
        json!({"overflow": "Nothing"}),
        json!({"gap": {"object": "Lead", "ids": ["nonsense"]}}),
        json!({"gap": {"object": "Lead", "ids": [], "type": "UPDATE"}}),
        json!({"silent": 1}),
        json!({"noise": true}),
        json!([]),
    ] {
        refusal(&org, body).await;
    }
}

#[tokio::test]
async fn each_record_of_a_transaction_is_one_event() {
    let org = Org::demo().await;
    assert_eq!(org.observe("/change-events").await["selected"], json!(["Contact", "Lead"]));
    let lead = |name: &str| json!({"attributes": {"type": "Lead"}, "LastName": name, "Company": "継手"});
    let body =
        json!({"records": [lead("一"), lead("二"), {"attributes": {"type": "Lead"}}], "allOrNone": true});
    org.post("/composite/sobjects", body).await;
    assert_eq!(org.observe("/change-events").await["kept"], 0);
    org.post("/composite/sobjects", json!({"records": [lead("一"), lead("二")]})).await;
    org.create("Account", json!({"Name": "継手"})).await;
    assert_eq!(org.observe("/change-events").await["kept"], 2);
}

#[tokio::test]
async fn selection_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data_file: Some(folder.path().join("org.json")), ..Options::default() };
    let org = Org::with(options.clone()).await;
    org.control("/change-events", json!({"selected": ["Lead"]})).await;
    org.handle.shutdown().await;
    let org = Org::with(options).await;
    assert_eq!(org.observe("/change-events").await["selected"], json!(["Lead"]));
}

#[tokio::test]
async fn rest_is_answered_over_http_2_too() {
    let org = Org::start().await;
    let http = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let limits =
        http.get(org.url("/services/data/v66.0/limits")).bearer_auth(&org.token).send().await.unwrap();
    assert_eq!((limits.status().as_u16(), limits.version()), (200, Version::HTTP_2));
}
