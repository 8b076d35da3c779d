//! Account Engagement: access, and single records.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Org, Told};

pub(crate) const UNIT: &str = "0Uv000000000001AAA";

impl Org {
    /// A request to Account Engagement; the path continues after the version.
    pub(crate) fn engagement(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.url(&format!("/api/v5{path}"));
        self.http.request(method, url).bearer_auth(&self.token).header("Pardot-Business-Unit-Id", UNIT)
    }

    pub(crate) async fn engaged(&self, method: Method, path: &str, body: Value) -> Told {
        Told::read(self.engagement(method, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn engagement_get(&self, path: &str) -> Told {
        Told::read(self.engagement(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn fresh(&self) {
        self.control("/engagement", json!({"limits": {"staleness_seconds": 0}})).await;
    }
}

fn code(told: &Told) -> (u16, i64) {
    (told.status, told.body["code"].as_i64().unwrap_or_default())
}

#[tokio::test]
async fn request_without_token_scope_or_unit_is_rejected() {
    let org = Org::demo().await;
    let path = "/objects/lists?fields=id&limit=1";
    let url = org.url(&format!("/api/v5{path}"));
    let told =
        Told::read(org.http.get(&url).header("Pardot-Business-Unit-Id", UNIT).send().await.unwrap()).await;
    assert_eq!(code(&told), (401, 184));
    let told = Told::read(org.http.get(&url).bearer_auth(&org.token).send().await.unwrap()).await;
    assert_eq!(code(&told), (400, 181));
    for (unit, expected) in [("nonsense", (400, 182)), ("0Uv0000000000ZZAAA", (403, 201))] {
        let request = org.http.get(&url).bearer_auth(&org.token).header("Pardot-Business-Unit-Id", unit);
        assert_eq!(code(&Told::read(request.send().await.unwrap()).await), expected, "{unit}");
    }
    assert_eq!(org.engagement_get(path).await.status, 200);
    org.control("/engagement", json!({"business_units": [{"id": UNIT, "active": false}]})).await;
    assert_eq!(code(&org.engagement_get(path).await), (403, 201));
    org.control("/engagement", json!({"business_units": [{"id": UNIT, "active": true}]})).await;
    let admin =
        org.rows("SELECT Id FROM User WHERE Username = 'admin@emulator.example'").await[0]["Id"].clone();
    org.control("/engagement", json!({"users_without_access": [admin]})).await;
    assert_eq!(code(&org.engagement_get(path).await), (403, 49));
}

#[tokio::test]
async fn token_without_scope_is_rejected() {
    let mut org = Org::start().await;
    let path = "/objects/lists?fields=id";
    for (scope, expected) in [("api", (401, 184)), ("api pardot_api", (200, 0))] {
        org.token = org.tokens_for(scope).await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(code(&org.engagement_get(path).await), expected, "{scope}");
    }
    org.token = "00DnotATokenAtAll".to_owned();
    assert_eq!(code(&org.engagement_get(path).await), (401, 184));
}

#[tokio::test]
async fn prospect_is_created_updated_deleted_and_restored() {
    let org = Org::demo().await;
    let prospect =
        json!({"email": "hana@example.jp", "firstName": "花", "lastName": "継手", "campaignId": 1});
    let told = org.engaged(Method::POST, "/objects/prospects?fields=id,email,campaign.name", prospect).await;
    assert_eq!(told.status, 201, "{:?}", told.body);
    let id = told.body["id"].as_i64().unwrap();
    assert_eq!(told.body["campaign"]["name"], "秋の業務改善セミナー");
    assert!(told.header("location").ends_with(&format!("/api/v5/objects/prospects/{id}")));
    let path = format!(
        "/objects/prospects/{id}?fields=id,score,optedOut,createdAt,createdBy.username,assignedTo.email"
    );
    let told = org.engagement_get(&path).await;
    assert_eq!(told.body["optedOut"], false);
    assert_eq!(told.body["createdBy"]["username"], "admin@emulator.example");
    assert_eq!(told.body["assignedTo"], Value::Null);
    assert!(told.body["createdAt"].as_str().unwrap().ends_with("+09:00"), "times stand in the user's zone");
    let seen = told.header("last-modified").to_owned();
    let again = org.engagement(Method::GET, &path).header("If-Modified-Since", &seen).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let change = json!({"optedOut": true});
    let told = org.engaged(Method::PATCH, &format!("/objects/prospects/{id}?fields=optedOut"), change).await;
    assert_eq!((told.status, &told.body), (200, &json!({"optedOut": true})));
    assert_eq!(
        org.engagement(Method::DELETE, &format!("/objects/prospects/{id}")).send().await.unwrap().status(),
        204
    );
    assert_eq!(code(&org.engagement_get(&path).await), (404, 109));
    assert_eq!(
        org.engagement_get(&format!("/objects/prospects/{id}?fields=isDeleted&deleted=all")).await.body["isDeleted"],
        true
    );
    let told = org.engaged(Method::POST, &format!("/objects/prospects/{id}/do/undelete"), json!({})).await;
    assert_eq!(told.status, 200);
    assert_eq!(org.engagement_get(&path).await.status, 200);
}

#[tokio::test]
async fn invalid_request_gives_error_number() {
    let org = Org::demo().await;
    for (method, path, body, expected) in [
        (Method::GET, "/objects/prospects", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=id,Email", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=a.b.c.d", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=id&limit=1001", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=id&offset=2001", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=id&orderBy=nothing", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=id&company=x", Value::Null, (400, 180)),
        (Method::GET, "/objects/prospects?fields=id&nextPageToken=x", Value::Null, (400, 180)),
        (Method::GET, "/objects/wishes?fields=id", Value::Null, (404, 192)),
        (Method::GET, "/objects/prospects/99999?fields=id", Value::Null, (404, 109)),
        (Method::GET, "/objects/prospects/abc?fields=id", Value::Null, (404, 109)),
        (Method::PUT, "/objects/prospects/1", json!({}), (405, 60)),
        (Method::POST, "/objects/campaigns", json!({"name": "x"}), (405, 60)),
        (Method::POST, "/objects/prospects", json!([]), (400, 71)),
        (Method::POST, "/objects/prospects", json!({"lastName": "x"}), (400, 224)),
        (Method::POST, "/objects/prospects", json!({"email": "nonsense"}), (400, 224)),
        (Method::POST, "/objects/prospects", json!({"email": "a@b.jp", "grade": "A"}), (400, 224)),
        (Method::POST, "/objects/prospects", json!({"email": "a@b.jp", "optedOut": "maybe"}), (400, 224)),
        (Method::POST, "/objects/prospects", json!({"email": "a@b.jp", "campaignId": 99}), (400, 224)),
        (Method::POST, "/objects/prospects/1/do/dance", json!({}), (404, 192)),
    ] {
        let told = org.engaged(method.clone(), path, body).await;
        assert_eq!(code(&told), expected, "{method} {path}: {:?}", told.body);
        assert!(told.body["message"].is_string());
    }
    let old = org.http.get(org.url("/api/prospect/version/4/do/query")).send().await.unwrap();
    assert_eq!(old.status(), 400);
}

#[tokio::test]
async fn upsert_uses_last_active_prospect_and_updates_tags() {
    let org = Org::start().await;
    org.fresh().await;
    let prospect = |active: &str| json!({"email": "Same@example.jp", "lastActivityAt": active});
    org.control(
        "/engagement",
        json!({"prospects": [prospect("2026-02-01T00:00:00Z"), prospect("2026-01-01T00:00:00Z")]}),
    )
    .await;
    let path = "/objects/prospects/do/upsertLatestByEmail";
    let body = json!({"matchEmail": "same@example.jp", "prospect": {"company": "継手"}, "fields": ["id", "company", "email"]});
    let told = org.engaged(Method::POST, path, body).await;
    assert_eq!(
        (told.status, &told.body),
        (200, &json!({"id": 1, "company": "継手", "email": "Same@example.jp"}))
    );
    let body =
        json!({"matchEmail": "new@example.jp", "prospect": {"firstName": "新"}, "fields": ["id", "email"]});
    let told = org.engaged(Method::POST, path, body).await;
    assert_eq!((told.status, &told.body), (201, &json!({"id": 3, "email": "new@example.jp"})));
    let tag = json!({"tagName": "商談"});
    let told = org
        .engaged(Method::POST, "/objects/prospects/3/do/addTag?fields=tag.name,objectId", tag.clone())
        .await;
    assert_eq!((told.status, &told.body), (200, &json!({"tag": {"name": "商談"}, "objectId": 3})));
    let tagged = "/objects/tagged-objects?fields=id&objectId=3";
    assert_eq!(org.engagement_get(tagged).await.body["values"].as_array().unwrap().len(), 1);
    assert_eq!(org.engaged(Method::POST, "/objects/prospects/3/do/removeTag", tag.clone()).await.status, 204);
    assert_eq!(org.engagement_get(tagged).await.body["values"].as_array().unwrap().len(), 0);
    assert_eq!(code(&org.engaged(Method::POST, "/objects/prospects/3/do/removeTag", tag).await), (404, 109));
}

#[tokio::test]
async fn daily_and_concurrent_limits_apply() {
    let org = Org::demo().await;
    let path = "/objects/lists?fields=id";
    org.control("/engagement", json!({"limits": {"daily_requests": 10, "used": 8}})).await;
    let told =
        Told::read(org.engagement(Method::GET, path).header("X-Return-Api-Usage", "1").send().await.unwrap())
            .await;
    assert_eq!(told.header("x-api-usage"), "9/10");
    assert_eq!(org.engagement_get(path).await.header("x-api-usage"), "");
    assert_eq!(code(&org.engagement_get(path).await), (403, 122));
    org.control("/clock", json!({"advance_seconds": 86_400})).await;
    let mut org = org;
    org.sign_in().await;
    org.control("/engagement", json!({"limits": {"requests_per_minute": 0}})).await;
    assert_eq!(code(&org.engagement_get(path).await), (403, 202));
    org.control("/engagement", json!({"limits": {"requests_per_minute": 100_000}})).await;
    assert_eq!(org.engagement_get(path).await.status, 200);
    org.control("/faults", json!({"kind": "slow", "milliseconds": 60_000, "path": "/api/v5", "times": 5}))
        .await;
    let waiting: Vec<_> = (0..5).map(|_| tokio::spawn(org.engagement(Method::GET, path).send())).collect();
    while org.observe("/faults").await["faults"] != json!([]) {
        tokio::task::yield_now().await;
    }
    assert_eq!(code(&org.engagement_get(path).await), (403, 66));
    waiting.into_iter().for_each(|waiting| waiting.abort());
    while org.engagement_get(path).await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn faults_use_error_format_of_api() {
    let org = Org::demo().await;
    org.control("/faults", json!({"kind": "status", "status": 503, "path": "/api/v5", "code": "214", "message": "timeout", "times": 1})).await;
    let told = org.engagement_get("/objects/lists?fields=id").await;
    assert_eq!((told.status, &told.body), (503, &json!({"code": 214, "message": "timeout"})));
    org.control("/faults", json!({"kind": "daily_limit", "path": "/api/v5", "times": 1})).await;
    assert_eq!(code(&org.engagement_get("/objects/lists?fields=id").await), (403, 122));
}
