//! Invalid requests never get a 5xx response.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::Org;

/// Bodies that fit nowhere.
fn bodies() -> Vec<Value> {
    let deep = (0..60).fold(json!(1), |inner, _| json!({"records": [inner], "graphs": [{"a": 1}]}));
    vec![
        json!(null),
        json!([]),
        json!([[], {}]),
        json!("text"),
        json!(-1e300),
        json!({"records": {}}),
        json!({"records": [null, 1, "x", []]}),
        json!({"records": [{"attributes": {"type": "Account", "referenceId": ""}}]}),
        json!({"records": [{"attributes": {"type": 1}}]}),
        json!({"graphs": [{}]}),
        json!({"graphs": [{"graphId": "", "compositeRequest": [{}]}]}),
        json!({"compositeRequest": [{"method": "GET", "url": "@{", "referenceId": "a"}]}),
        json!({"batchRequests": [null, {"url": "", "method": ""}, {"url": "v66.0/../..", "method": "GET"}]}),
        json!({"q": "{", "sobjects": [{"name": ""}, {"name": "Lead", "fields": ["("], "where": "'"}], "overallLimit": -1}),
        json!({"fields": [1, null], "procedure": [], "object": {}}),
        json!({"matchEmail": {}, "prospect": [], "fields": {}}),
        json!({"listId": -1, "prospectId": 1e300, "id": "00"}),
        json!({"Name": {"a": {"b": []}}, "AnnualRevenue": "1e999", "Id": null, "attributes": 3}),
        deep,
    ]
}

#[tokio::test]
async fn invalid_body_never_gives_500() {
    let org = Org::demo().await;
    let data = [
        "/composite",
        "/composite/graph",
        "/composite/batch",
        "/composite/tree/Account",
        "/composite/sobjects",
        "/parameterizedSearch",
        "/sobjects/Account",
        "/sobjects/Lead",
        "/sobjects/Event",
        "/sobjects/User",
        "/sobjects/CampaignMember",
    ];
    let engagement = [
        "/objects/prospects",
        "/objects/lists",
        "/objects/list-memberships",
        "/objects/prospects/do/upsertLatestByEmail",
        "/objects/prospects/1/do/addTag",
        "/objects/prospects/do/undelete",
        "/exports",
    ];
    for body in bodies() {
        for path in data {
            let told = org.post(path, body.clone()).await;
            assert!(told.status < 500, "{path} {body}: {:?}", told.body);
        }
        for path in engagement {
            let told = org.engaged(Method::POST, path, body.clone()).await;
            assert!(told.status < 500, "{path} {body}: {:?}", told.body);
        }
        for path in ["merge", "undelete", "hard-delete", "convert", "engagement", "schema", "faults", "clock"]
        {
            let asked = org.http.post(org.url(&format!("/emulator/{path}"))).json(&body);
            let status = asked.send().await.unwrap().status().as_u16();
            assert!(status < 500, "{path} {body}: {status}");
        }
        let (status, text) = org.soap(&body.to_string(), &body.to_string()).await;
        assert!(status == 200 || text.contains("exceptionCode"), "{text}");
    }
}

#[tokio::test]
async fn invalid_path_never_gives_500() {
    let org = Org::demo().await;
    let odd = [
        "",
        "%00",
        "%F0%9F%98%80",
        "'",
        "{",
        "}",
        "(((((",
        "-1",
        "99999999999999999999",
        "a,,b",
        "..",
        "%25",
        "FIND+%7Ba%7D",
        "1700-01-01T00:00:00%2B99:99",
    ];
    for odd in odd {
        for path in [
            format!("/search?q=FIND+%7B{odd}%7D+RETURNING+Lead({odd})"),
            format!("/parameterizedSearch?q={odd}&sobject={odd}&Lead.fields={odd}"),
            format!("/query?explain={odd}"),
            format!("/tooling/query?q={odd}"),
            format!("/quickActions/{odd}/defaultValues"),
            format!("/ui-api/object-info/{odd}/picklist-values/{odd}"),
            format!("/sobjects/Lead/describe/layouts/{odd}"),
            format!("/sobjects/Lead/{odd}.xml"),
        ] {
            let told = org.get(&path).await;
            assert!(told.status < 500, "{path}: {:?}", told.body);
        }
        for path in [
            format!("/objects/{odd}?fields={odd}"),
            format!("/objects/prospects/{odd}?fields=id"),
            format!("/objects/prospects?fields={odd}&limit={odd}&offset={odd}&orderBy={odd}"),
            format!("/objects/prospects?fields=id&id={odd}&createdAtAfter={odd}&nextPageToken={odd}"),
            format!("/exports/{odd}/results/{odd}"),
        ] {
            let told = org.engagement_get(&path).await;
            assert!(told.status < 500, "{path}: {:?}", told.body);
        }
        for path in [
            format!("/emulator/search?q={odd}"),
            format!("/emulator/log?q={odd}"),
            format!("/lightning/r/Lead/{odd}/view"),
        ] {
            assert!(org.http.get(org.url(&path)).send().await.unwrap().status().as_u16() < 500, "{path}");
        }
    }
}
