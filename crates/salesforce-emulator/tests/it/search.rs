//! Searching (SOSL and parameterized search).

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

impl Org {
    async fn find(&self, sosl: &str) -> Told {
        Told::read(self.request(Method::GET, "/search").query(&[("q", sosl)]).send().await.unwrap()).await
    }

    async fn found(&self, sosl: &str) -> Vec<Value> {
        let told = self.find(sosl).await;
        assert_eq!(told.status, 200, "{sosl}: {:?}", told.body);
        told.body["searchRecords"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn search_finds_words_in_several_objects() {
    let org = Org::start().await;
    let lead = org
        .create(
            "Lead",
            json!({"LastName": "Sato", "Company": "Acme Works", "Phone": "03-1111-2222", "City": "東京"}),
        )
        .await;
    let account = org.create("Account", json!({"Name": "Acme"})).await;
    org.create("Contact", json!({"LastName": "Other", "Email": "acme@example.jp"})).await;
    let all = org.found("FIND {acme}").await;
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|row| row["attributes"]["type"].is_string() && row["Id"].is_string()));
    let named = org.found("FIND {Acme} IN NAME FIELDS RETURNING Lead(Id), Account(Id, Name)").await;
    assert_eq!(
        named,
        [
            json!({"attributes": {"type": "Account", "url": format!("/services/data/v66.0/sobjects/Account/{account}")}, "Id": account, "Name": "Acme"})
        ]
    );
    for (sosl, expected) in [
        ("FIND {acm*} RETURNING Lead(Id WHERE City = '東京')", 1),
        ("FIND {acm*} RETURNING Lead(Id WHERE City = '大阪')", 0),
        ("FIND {acme} IN EMAIL FIELDS RETURNING Contact, Account", 1),
        ("FIND {2222} IN PHONE FIELDS RETURNING Lead", 1),
        ("FIND {acme AND works}", 1),
        ("FIND {acme AND NOT works}", 2),
        ("FIND {nobody OR sato}", 1),
        ("FIND {acme} LIMIT 2", 2),
        ("FIND {acme} RETURNING Lead(Id ORDER BY LastName LIMIT 1), Account LIMIT 5", 2),
        ("FIND {東京}", 1),
        ("FIND {nothing\\-here}", 0),
    ] {
        assert_eq!(org.found(sosl).await.len(), expected, "{sosl}");
    }
    assert!(org.find("FIND {acme}").await.header("queryid").starts_with('-'));
    org.delete(&format!("/sobjects/Lead/{lead}")).await;
    assert_eq!(org.found("FIND {sato}").await.len(), 0);
    let old = org.http.get(org.url("/services/data/v36.0/search?q=FIND+%7Bacme%7D")).bearer_auth(&org.token);
    assert_eq!(Told::read(old.send().await.unwrap()).await.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn invalid_search_is_rejected() {
    let org = Org::start().await;
    let told = org.find("FIND Acme").await;
    assert_eq!((told.status, told.code()), (400, "MALFORMED_SEARCH"));
    assert_eq!(told.body[0]["message"], "No search term found. The search term must be enclosed in braces.");
    for (sosl, code) in [
        ("FIND {a}", "MALFORMED_SEARCH"),
        ("FIND {acme} RETURNING Nothing", "INVALID_TYPE"),
        ("FIND {acme} RETURNING Lead(Nothing)", "INVALID_FIELD"),
        ("FIND {acme} RETURNING CampaignMember", "INVALID_TYPE_FOR_OPERATION"),
        ("", "MALFORMED_SEARCH"),
    ] {
        assert_eq!(org.find(sosl).await.code(), code, "{sosl}");
    }
}

#[tokio::test]
async fn parameterized_search_matches_sosl_and_index_can_lag() {
    let org = Org::start().await;
    org.create("Account", json!({"Name": "Acme"})).await;
    org.create("Lead", json!({"LastName": "Acme", "Company": "x"})).await;
    let get =
        org.get("/parameterizedSearch?q=Acme&sobject=Account&Account.fields=Name&Account.limit=5").await;
    assert_eq!(get.body["searchRecords"][0]["Name"], "Acme");
    let asked = json!({"q": "acme", "fields": ["Id", "Name"], "in": "NAME", "overallLimit": 5,
        "sobjects": [{"name": "Lead", "where": "Company = 'x'", "limit": 1}, {"name": "Account", "fields": ["Id"]}]});
    let told = org.post("/parameterizedSearch", asked).await;
    assert_eq!(told.body["searchRecords"][0]["Name"], "Acme");
    assert!(told.body["searchRecords"][1].get("Name").is_none());
    assert_eq!(org.post("/parameterizedSearch", json!({"in": "NAME"})).await.status, 400);
    org.control("/schema", json!({"limits": {"search_lag_seconds": 120}})).await;
    assert_eq!(org.found("FIND {acme}").await.len(), 0);
    org.control("/clock", json!({"advance_seconds": 121})).await;
    assert_eq!(org.found("FIND {acme}").await.len(), 2);
}
