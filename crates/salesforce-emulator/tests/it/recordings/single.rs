//! Single recorded responses, and the requests that produce them here.

use reqwest::Method;
use serde_json::{Value, json};

use super::difference::shapes;
use super::files;
use crate::harness::{Org, Told};

fn compare(name: &str, recorded: &Value, told: &Told) {
    let mut differences = Vec::new();
    shapes(recorded, &told.body, name, &mut differences);
    // These were kept by hand, which says nothing about the order of their keys.
    differences.retain(|difference| !difference.ends_with("another order"));
    assert!(differences.is_empty(), "{}\n{:?}", differences.join("\n"), told.body);
}

#[tokio::test]
async fn error_messages_match_recorded() {
    let Some(recorded) = files::read("restforce__spec_fixtures_small_responses.json") else { return };
    let org = Org::start().await;
    let refused = |name: &str| recorded[format!("{name}_response.json")].clone();
    let key = [("client_id", "tsugite-emulator-key"), ("client_secret", "tsugite-emulator-secret")];
    let form = |more: &[(&'static str, &'static str)]| [&key[..], more].concat();
    let told = org
        .form("/services/oauth2/token", &form(&[("grant_type", "refresh_token"), ("refresh_token", "x")]))
        .await;
    assert_eq!((told.status, &told.body), (400, &refused("refresh_error")));
    let told = org
        .form(
            "/services/oauth2/token",
            &form(&[
                ("grant_type", "password"),
                ("username", "admin@emulator.example"),
                ("password", "wrong"),
            ]),
        )
        .await;
    assert_eq!((told.status, &told.body["error"]), (400, &refused("auth_error")["error"]));
    let expired =
        org.http.get(org.url("/services/data/v66.0/sobjects")).bearer_auth("dead").send().await.unwrap();
    let told = Told::read(expired).await;
    assert_eq!((told.status, &told.body), (401, &refused("expired_session")));
    let told = org.get("/sobjects/Account/23foo").await;
    assert_eq!(told.status, 404);
    compare("sobject_find_error", &refused("sobject_find_error"), &told);
    let told = org.post("/sobjects/Account", json!({"foo": 1})).await;
    let named = refused("write_error")[0]["message"].as_str().unwrap().replace("Bar", "Account");
    assert_eq!((told.status, told.body[0]["message"].as_str()), (400, Some(named.as_str())));
}

#[tokio::test]
async fn login_and_replication_responses_have_recorded_keys() {
    let Some(recorded) = files::read("restforce__spec_fixtures_small_responses.json") else { return };
    let org = Org::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "tsugite-emulator-key"),
        ("client_secret", "tsugite-emulator-secret"),
    ];
    let told = org.form("/services/oauth2/token", &form).await;
    let keys = recorded["auth_success_response.json"].as_object().unwrap().keys();
    assert!(keys.clone().all(|key| told.body[key].is_string()), "{:?}", told.body);
    let contact = org.create("Contact", json!({"LastName": "x"})).await;
    let doomed = org.create("Contact", json!({"LastName": "y"})).await;
    assert_eq!(org.delete(&format!("/sobjects/Contact/{doomed}")).await.status, 204);
    let now = org.observe("/clock").await["now"].as_str().unwrap().to_owned();
    let start = format!("{}T00:00:00Z", &now[..10]);
    org.control("/clock", json!({"advance_seconds": 120})).await;
    let end = org.observe("/clock").await["now"].as_str().unwrap()[..19].to_owned();
    for (kind, id) in [("updated", &contact), ("deleted", &doomed)] {
        let told = org.get(&format!("/sobjects/Contact/{kind}?start={start}&end={end}Z")).await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        assert!(told.body.to_string().contains(id.as_str()), "{:?}", told.body);
        compare(kind, &recorded[format!("get_{kind}_success_response.json")], &told);
    }
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    org.create("CampaignMember", json!({"CampaignId": campaign, "ContactId": contact})).await;
    let told = org.query("SELECT CampaignId, COUNT(Id) FROM CampaignMember GROUP BY CampaignId").await;
    let recorded = recorded["query_aggregate_success_response.json"].clone();
    compare("aggregate", &recorded, &told);
}

#[tokio::test]
async fn several_external_id_matches_give_list_of_urls() {
    let Some(recorded) = files::read("restforce__spec_fixtures_small_responses.json") else { return };
    let org = Org::start().await;
    for name in ["one", "two"] {
        org.create("Contact", json!({"LastName": name, "Email": "same@x.example"})).await;
    }
    let told = org.patch("/sobjects/Contact/Email/same@x.example", json!({"LastName": "x"})).await;
    assert_eq!(told.status, 300);
    let recorded = recorded["upsert_multiple_error_response.json"].as_array().unwrap();
    assert_eq!(told.body.as_array().unwrap().len(), recorded.len());
    assert!(told.body[0].as_str().unwrap().starts_with("/services/data/v66.0/sobjects/Contact/003"));
}

#[tokio::test]
async fn duplicate_error_matches_recorded() {
    let Some(mut recorded) = files::read("rudder-server__DUPLICATES_DETECTED_rest_400_v50.json") else {
        return;
    };
    let org = Org::start().await;
    let rule = json!({"name": "Contacts_DR", "object": "Contact", "match": ["Email"], "against": ["Contact"], "action": "alert"});
    org.control("/schema", json!({"duplicate_rules": [rule]})).await;
    org.create("Contact", json!({"LastName": "x", "Email": "a@x.example"})).await;
    let told = org.post("/sobjects/Contact", json!({"LastName": "y", "Email": "a@x.example"})).await;
    assert_eq!(told.status, 400);
    // The sentence is the rule's own.
    for text in [&mut recorded[0]["message"], &mut Value::Null] {
        *text = told.body[0]["message"].clone();
    }
    compare("duplicate", &recorded, &told);
}

#[tokio::test]
async fn errors_asserted_live_match() {
    let Some(recorded) = files::read("sfconn-node__live_asserted_errors_v39.json") else { return };
    let org = Org::start().await;
    let told = Told::read(
        org.http
            .get(org.url("/services/data/v39.0/query?q=invalid"))
            .bearer_auth(&org.token)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!((told.status, &told.body), (400, &recorded["malformed_query_400"]));
    let request = org.http.request(Method::POST, org.url("/services/data/v39.0/sobjects/Contact"));
    let body = json!({"LastName": "x", "Email": "not an email"});
    let told = Told::read(request.bearer_auth(&org.token).json(&body).send().await.unwrap()).await;
    assert_eq!((told.status, &told.body), (400, &recorded["invalid_email_400"]));
    let form = [("grant_type", "client_credentials"), ("client_id", "nobody"), ("client_secret", "x")];
    let told = org.form("/services/oauth2/token", &form).await;
    assert_eq!((told.status, &told.body), (400, &recorded["oauth_bad_client_400"]));
}

#[tokio::test]
async fn identity_has_recorded_keys() {
    let Some(recorded) = files::read("swiftlysalesforce__identity_url_response.json") else { return };
    let org = Org::start().await;
    let user = &org.rows("SELECT Id FROM User LIMIT 1").await[0]["Id"];
    let organization = &org.rows("SELECT Id FROM Organization").await[0]["Id"];
    let path = format!("/id/{}/{}", organization.as_str().unwrap(), user.as_str().unwrap());
    let told = Told::read(org.http.get(org.url(&path)).bearer_auth(&org.token).send().await.unwrap()).await;
    let theirs = recorded.as_object().unwrap();
    let lacking: Vec<_> = theirs.keys().filter(|key| told.body.get(key.as_str()).is_none()).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[tokio::test]
async fn count_query_gives_no_records() {
    let Some(recorded) = files::read("netcoreforce__count_query.json") else { return };
    let org = Org::demo().await;
    let told = org.query("SELECT COUNT() FROM Lead").await;
    compare("count", &recorded, &told);
    assert_eq!(told.body["records"], json!([]));
}
