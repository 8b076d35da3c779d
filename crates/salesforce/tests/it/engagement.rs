use salesforce::cells::{Cell, CellType, Column};
use salesforce::engagement::{
    BusinessUnitId, EngagementClient, EngagementError, EngagementHost, EngagementObject, EngagementPages,
    EngagementQuery,
};
use salesforce::{ApiUsage, Error};
use salesforce_emulator::Seed;
use secrecy::SecretString;
use serde_json::json;

use crate::org::Org;
use crate::server::{answer, http, serve};

const UNIT: &str = "0Uv000000000001AAA";

async fn client(org: &Org) -> EngagementClient {
    client_for(org, UNIT).await
}

async fn client_for(org: &Org, unit: &str) -> EngagementClient {
    let host = EngagementHost::Other(org.url.clone());
    EngagementClient::new(http(), &host, org.token().await, unit.parse().unwrap())
}

fn members(list: u64) -> EngagementQuery {
    EngagementQuery::of(EngagementObject::ListMemberships, ["listId", "prospectId", "prospect.email"])
        .filter("listId", list)
}

async fn read(pages: &mut EngagementPages) -> Result<Vec<u64>, EngagementError> {
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await? {
        ids.extend(page.value.iter().map(|row| row.get("id").unwrap().as_u64().unwrap()));
    }
    Ok(ids)
}

#[tokio::test]
async fn lists_members_and_prospects_are_read() {
    let org = Org::start(Seed::Demo).await;
    let client = client(&org).await;
    let lists = EngagementQuery::of(EngagementObject::Lists, ["name", "isDynamic", "updatedAt"]);
    let mut pages = client.query_pages(lists);
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(
        (page.value[0].text("name"), page.value[0].boolean("isDynamic")),
        (Some("セミナー案内"), Some(false))
    );
    let updated = Column::new("updatedAt", CellType::DateTime);
    assert!(matches!(updated.read_record(&page.value[0]), Ok(Cell::DateTime(_))));
    assert!(page.server_time.is_some() && page.api_usage.is_some_and(|usage| usage.used > 0));
    assert_eq!(pages.next().await, Ok(None));
    let list = page.value[0].get("id").unwrap().as_u64().unwrap();
    let page = client.query_pages(members(list)).next().await.unwrap().unwrap();
    assert_eq!(page.value.len(), 8);
    assert!(page.value.iter().all(|row| row.text("prospect.email").is_some_and(|email| email.contains('@'))));
    let prospects = EngagementQuery::of(EngagementObject::Prospects, ["id", "email", "salesforceId"]);
    assert_eq!(read(&mut client.query_pages(prospects)).await.unwrap().len(), 12);
}

#[tokio::test]
async fn rows_beyond_page_token_limit_are_read() {
    let org = Org::empty().await;
    org.control("engagement", json!({"lists": [{"name": "大きな名簿", "members": 100_500}]})).await;
    let client = client(&org).await;
    let ids = || EngagementQuery::of(EngagementObject::ListMemberships, []);
    let mut pages = client.query_pages(ids());
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.value.len(), 1000);
    let mut others = client.query_pages_after(ids(), pages.last_id());
    assert_eq!(read(&mut others).await.unwrap().len(), 99_500);
    assert_eq!(others.next().await, Ok(None));
}

#[tokio::test]
async fn failed_page_is_refetched() {
    let org = Org::empty().await;
    org.control("engagement", json!({"lists": [{"name": "名簿", "members": 2000}]})).await;
    for fault in [
        json!({"kind": "reset"}),
        json!({"kind": "lost_answer"}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 503, "body": "html"}),
        json!({"kind": "daily_limit"}),
    ] {
        let mut pages = client(&org).await.query_pages(members(1));
        assert_eq!(pages.next().await.unwrap().unwrap().value.len(), 1000);
        org.fault("/api/v5", fault.clone()).await;
        let error = pages.next().await.unwrap_err();
        assert!(error.is_transient(), "{fault}: {error}");
        assert_eq!(read(&mut pages).await.unwrap().len(), 1000, "{fault}");
    }
}

#[tokio::test]
async fn new_session_resumes_after_last_id() {
    let org = Org::empty().await;
    org.control("engagement", json!({"lists": [{"name": "名簿", "members": 1500}]})).await;
    let mut pages = client(&org).await.query_pages(members(1));
    pages.next().await.unwrap();
    org.fault("/api/v5", json!({"kind": "session_expired"})).await;
    let error = pages.next().await.unwrap_err();
    assert_eq!((&error, error.is_transient()), (&EngagementError::Token { code: 184 }, false));
    pages.use_client(client(&org).await);
    assert_eq!(read(&mut pages).await.unwrap().len(), 500);
}

#[tokio::test]
async fn engagement_errors_are_classified() {
    let org = Org::empty().await;
    let lists = || EngagementQuery::of(EngagementObject::Lists, ["name"]);
    let error = client_for(&org, "0Uv000000000009AAA").await.query(&lists(), 0).await.unwrap_err();
    assert!(matches!(error, EngagementError::BusinessUnit { code: 201, .. }), "{error}");
    let unknown = EngagementQuery::of(EngagementObject::Lists, ["nope"]);
    let error = client(&org).await.query(&unknown, 0).await.unwrap_err();
    assert!(matches!(error, EngagementError::Refused { status: 400, .. }), "{error}");
    let used_up = json!({"limits": {"daily_requests": 5, "used": 5}});
    org.control("engagement", used_up).await;
    assert_eq!(client(&org).await.query(&lists(), 0).await.unwrap_err(), EngagementError::DailyLimit);
    org.control("engagement", json!({"limits": {"used": 0}})).await;
    let users = org.client.query("SELECT Id FROM User").await.unwrap().value.records;
    let users: Vec<String> = users.iter().map(|user| user.id().unwrap().to_string()).collect();
    org.control("engagement", json!({"users_without_access": users})).await;
    let error = client(&org).await.query(&lists(), 0).await.unwrap_err();
    assert!(matches!(error, EngagementError::AccessDenied { .. }), "{error}");
}

/// What a server with one answer makes of a query.
async fn answered(status: &str, headers: &str, body: &str) -> Result<Option<usize>, EngagementError> {
    let (url, _server) = serve(answer(status, headers, body)).await;
    let unit: BusinessUnitId = UNIT.parse().unwrap();
    let client =
        EngagementClient::new(http(), &EngagementHost::Other(url), SecretString::from("token"), unit);
    let page = client.query_pages_after(members(1), 7).next().await?;
    if let Some(page) = &page {
        assert_eq!(page.api_usage, Some(ApiUsage { used: 22, max: 25_000 }));
    }
    Ok(page.map(|page| page.value.len()))
}

#[tokio::test]
async fn error_code_decides_over_status() {
    let message = || "m".to_owned();
    for (code, status, error) in [
        (49, "403 Forbidden", EngagementError::AccessDenied { message: message() }),
        (66, "403 Forbidden", EngagementError::Concurrency),
        (122, "429 Too Many Requests", EngagementError::DailyLimit),
        (122, "400 Bad Request", EngagementError::DailyLimit),
        (182, "400 Bad Request", EngagementError::BusinessUnit { code: 182, message: message() }),
        (184, "401 Unauthorized", EngagementError::Token { code: 184 }),
        (201, "403 Forbidden", EngagementError::BusinessUnit { code: 201, message: message() }),
        (202, "403 Forbidden", EngagementError::RatePerMinute),
        (209, "400 Bad Request", EngagementError::Refused { status: 400, code: 209, message: message() }),
        (210, "401 Unauthorized", EngagementError::Token { code: 210 }),
        (211, "401 Unauthorized", EngagementError::Token { code: 211 }),
    ] {
        let body = format!(r#"{{"code":{code},"message":"m"}}"#);
        assert_eq!(answered(status, "", &body).await, Err(error), "{code}");
    }
    assert_eq!(answered("401 Unauthorized", "", "").await, Err(EngagementError::Token { code: 0 }));
    for (status, body) in [
        ("400 Bad Request", r#"{"code":214}"#),
        ("502 Bad Gateway", "<html>"),
        ("500 Error", r#"{"code":1}"#),
    ] {
        let error = answered(status, "", body).await.unwrap_err();
        assert!(matches!(error, EngagementError::Call(Error::Unknown { .. })), "{status}: {error}");
    }
}

#[tokio::test]
async fn rows_out_of_order_are_rejected() {
    let usage = "x-api-usage: 22/25000\r\n";
    for (body, outcome) in [
        (r#"{"nextPageToken":null,"values":[{"id":8},{"id":9}]}"#, Some(Ok(Some(2)))),
        (r#"{"nextPageToken":"x","values":[{"id":8}]}"#, Some(Ok(Some(1)))),
        (r#"{"nextPageToken":null,"values":[]}"#, Some(Ok(None))),
        (r#"{"nextPageToken":"x","values":[]}"#, None),
        (r#"{"nextPageToken":null,"values":[{"id":9},{"id":8}]}"#, None),
        (r#"{"nextPageToken":null,"values":[{"id":7}]}"#, None),
        (r#"{"nextPageToken":null,"values":[{}]}"#, None),
    ] {
        let wrong = Err(EngagementError::OutOfOrder { after: 7 });
        assert_eq!(answered("200 OK", usage, body).await, outcome.unwrap_or(wrong), "{body}");
    }
    let unreadable = answered("200 OK", "", r#"{"rows":[]}"#).await.unwrap_err();
    assert!(matches!(unreadable, EngagementError::Call(Error::Unreadable { .. })));
}

#[test]
fn engagement_hosts_and_business_units_are_validated() {
    assert_eq!(EngagementHost::Production.url().as_str(), "https://pi.pardot.com/");
    assert_eq!(EngagementHost::Sandbox.url().as_str(), "https://pi.demo.pardot.com/");
    assert_eq!(" 0Uv5g0000008OVCCA2 ".parse::<BusinessUnitId>().unwrap().to_string(), "0Uv5g0000008OVCCA2");
    for text in ["", "0Uv5g0000008OVC", "00D5g0000008OVCCA2", "0Uv5g0000008OVCCA\n2", "0Uv5g000000８OVC"] {
        assert!(text.parse::<BusinessUnitId>().is_err(), "{text}");
    }
}

#[test]
fn org_kind_decides_engagement_host() {
    for (instance, expected) in [
        ("https://acme.my.salesforce.com/", EngagementHost::Production),
        ("https://login.salesforce.com/", EngagementHost::Production),
        ("https://acme--test.sandbox.my.salesforce.com/", EngagementHost::Sandbox),
        ("https://acme--test.my.salesforce.com/", EngagementHost::Sandbox),
        ("https://orgfarm-1-dev-ed.develop.my.salesforce.com/", EngagementHost::Sandbox),
        ("https://acme-dev-ed.my.salesforce.com/", EngagementHost::Sandbox),
    ] {
        assert_eq!(EngagementHost::of_instance(&instance.parse().unwrap()), expected, "{instance}");
    }
    let own: url::Url = "http://127.0.0.1:8791/".parse().unwrap();
    assert_eq!(EngagementHost::of_instance(&own), EngagementHost::Other(own.clone()));
}
