use salesforce::{ApiUsage, Described, Error, Limit, Record, WriteOptions};
use url::Url;

use crate::server::{Behaviour, TOKEN, answer, client, serve};

async fn create(behaviour: Behaviour) -> Error {
    let (url, server) = serve(behaviour).await;
    let lead = Record::of("Lead").with("LastName", "山田").with("Company", "例社");
    let error = client(url).create("Lead", &lead, &WriteOptions::default()).await.unwrap_err();
    server.abort();
    assert!(!format!("{error} {error:?}").contains(TOKEN));
    error
}

#[tokio::test]
async fn lost_response_is_unknown() {
    for behaviour in [
        Behaviour::HangUp,
        Behaviour::Silence,
        Behaviour::Answer("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{\"id\":".to_owned()),
        answer("503 Service Unavailable", "Content-Type: text/html\r\n", "<html>maintenance</html>"),
        answer(
            "500 Server Error",
            "",
            r#"[{"errorCode":"UNKNOWN_EXCEPTION","message":"An unexpected error"}]"#,
        ),
        answer("502 Bad Gateway", "", ""),
        answer("400 Bad Request", "Content-Type: text/html\r\n", "<html>edge</html>"),
        answer("302 Found", "Location: https://example.com/\r\n", ""),
    ] {
        let error = create(behaviour).await;
        assert!(matches!(error, Error::Unknown { .. }), "{error:?}");
        assert!(error.may_have_acted() && error.is_transient());
    }
}

#[tokio::test]
async fn unreadable_response_is_unknown() {
    for body in [
        "",
        "<html>",
        "{}",
        r#"{"id":"nonsense","success":true,"errors":[]}"#,
        r#"{"success":true,"errors":[]}"#,
    ] {
        let error = create(answer("201 Created", "", body)).await;
        assert!(matches!(error, Error::Unreadable { .. }), "{error:?}");
        assert!(error.may_have_acted());
    }
}

#[tokio::test]
async fn too_long_response_is_not_read() {
    let body = r#"{"id":"001dM00003kRs59QAC","success":true,"errors":[]}"#;
    for (largest, is_read) in [(body.len(), true), (body.len() - 1, false)] {
        let (url, _server) = serve(answer("201 Created", "", body)).await;
        let account = Record::of("Account").with("Name", "Acme");
        let client = client(url).with_largest_answer(largest);
        match client.create("Account", &account, &WriteOptions::default()).await {
            Ok(_) => assert!(is_read),
            Err(error) => {
                assert!(!is_read && error == Error::TooLong { status: 201, largest }, "{error:?}");
                assert!(error.may_have_acted() && !error.is_transient());
            }
        }
        assert_eq!(client.traffic().bytes() as usize, body.len(), "what came is counted");
    }
}

#[tokio::test]
async fn refused_connection_is_not_sent() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [format!("http://{free}"), "https://no-such-host.invalid".to_owned()] {
        let error = client(Url::parse(&address).unwrap()).query("SELECT Id FROM Lead").await.unwrap_err();
        assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
        assert!(!error.may_have_acted() && error.is_transient());
    }
}

#[tokio::test]
async fn expired_token_gives_session_error() {
    for behaviour in [
        answer(
            "401 Unauthorized",
            "",
            r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#,
        ),
        answer(
            "401 Unauthorized",
            "",
            "<response><faultcode>LOGIN_OAUTH_INVALID_TOKEN</faultcode></response>",
        ),
        answer("403 Forbidden", "Content-Type: text/plain\r\n", "Bad_OAuth_Token"),
    ] {
        let error = create(behaviour).await;
        assert_eq!(error, Error::SessionExpired);
        assert!(!error.may_have_acted() && !error.is_transient());
    }
}

#[tokio::test]
async fn limit_errors_are_classified() {
    let exceeded = |text| format!(r#"[{{"message":"{text}","errorCode":"REQUEST_LIMIT_EXCEEDED"}}]"#);
    for (behaviour, limit) in [
        (answer("403 Forbidden", "", &exceeded("TotalRequests Limit exceeded.")), Limit::Daily),
        (
            answer("403 Forbidden", "", &exceeded("ConcurrentPerOrgLongTxn Limit exceeded.")),
            Limit::Concurrent,
        ),
        (answer("429 Too Many Requests", "", "<html>"), Limit::Rate),
        (answer("420 Enhance", "", ""), Limit::Rate),
    ] {
        assert_eq!(create(behaviour).await, Error::LimitReached { limit });
    }
}

#[tokio::test]
async fn success_gives_api_usage_and_time() {
    let headers = "Sforce-Limit-Info: api-usage=22/15000\r\nDate: Wed, 06 May 2026 11:27:37 GMT\r\n";
    let body = r#"{"id":"001dM00003kRs59QAC","success":true,"errors":[]}"#;
    let (url, server) = serve(answer("201 Created", headers, body)).await;
    let account = Record::of("Account").with("Name", "Acme").with("Id", "ignored");
    let created = client(url).create("Account", &account, &WriteOptions::quiet()).await.unwrap();
    assert_eq!(created.value.as_str(), "001dM00003kRs59QAC");
    assert_eq!(created.api_usage, Some(ApiUsage { used: 22, max: 15000 }));
    assert_eq!(created.server_time.unwrap().to_string(), "2026-05-06T11:27:37Z");

    let request = server.await.unwrap();
    assert!(request.starts_with("POST /services/data/v66.0/sobjects/Account HTTP/1.1"), "{request}");
    assert!(request.ends_with(r#"{"Name":"Acme"}"#), "{request}");
    let lower = request.to_ascii_lowercase();
    for header in ["sforce-auto-assign: false", "sforce-mru: updatemru=false", "accept-encoding: gzip"] {
        assert!(lower.contains(header), "{header} in {request}");
    }
    assert!(request.contains(&format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn not_modified_is_not_an_error() {
    let (url, server) = serve(Behaviour::Answer("HTTP/1.1 304 Not Modified\r\n\r\n".to_owned())).await;
    let since = "Fri, 14 Aug 2020 20:53:02 GMT";
    let described = client(url).describe("Lead", Some(since)).await.unwrap();
    assert_eq!(described.value, Described::NotModified);
    assert!(server.await.unwrap().to_ascii_lowercase().contains("if-modified-since: fri, 14 aug 2020"));
}

#[tokio::test]
async fn several_upsert_matches_are_rejected() {
    let body = r#"["/services/data/v66.0/sobjects/X/1","/services/data/v66.0/sobjects/X/2"]"#;
    let (url, _server) = serve(answer("300 Multiple Choices", "", body)).await;
    let key = ("Ext__c", "a/b");
    let error = client(url).upsert("X", key, &Record::default(), &WriteOptions::default()).await.unwrap_err();
    assert!(error.has_code("DUPLICATE_EXTERNAL_ID") && !error.may_have_acted());
}

#[tokio::test]
async fn token_is_sent_only_to_instance() {
    let client = client(Url::parse("http://127.0.0.1:9").unwrap());
    for path in ["//example.com/x", "/\\example.com/x"] {
        let error = client.query_more(path).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{path}: {error:?}");
    }
    let long = "x".repeat(17_000);
    assert!(matches!(client.get(&long).await.unwrap_err(), Error::InvalidRequest { .. }));
    assert!(matches!(
        client.create_many(&[], &WriteOptions::default()).await,
        Err(Error::InvalidRequest { .. })
    ));
    assert!(!format!("{client:?}").contains(TOKEN));
}

#[tokio::test]
async fn absolute_locator_is_used_only_on_instance() {
    let (url, server) = serve(answer("200 OK", "", r#"{"totalSize":0,"done":true,"records":[]}"#)).await;
    client(url).query_more("https://example.com/services/data/v66.0/query/01g").await.unwrap();
    let request = server.await.unwrap();
    assert!(request.starts_with("GET /services/data/v66.0/https://example.com/"), "{request}");
}
