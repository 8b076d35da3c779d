//! Available resources and recent changes.

use reqwest::Method;
use serde_json::{Value, json};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::harness::{Org, Told};

#[tokio::test]
async fn versions_resources_and_limits_are_listed() {
    let org = Org::start().await;
    let versions: Value = org.http.get(org.url("/services/data")).send().await.unwrap().json().await.unwrap();
    let versions = versions.as_array().unwrap();
    assert_eq!(versions[0], json!({"label": "Summer '14", "url": "/services/data/v31.0", "version": "31.0"}));
    assert!(versions.iter().any(|version| version["label"] == "Spring '26" && version["version"] == "66.0"));
    let resources = org.get("/").await.body;
    assert_eq!(resources["sobjects"], "/services/data/v66.0/sobjects");
    assert!(resources["identity"].as_str().unwrap().starts_with(org.handle.base_url()));
    let limits = org.get("/limits/").await.body;
    assert_eq!(limits["DailyApiRequests"], json!({"Max": 15000, "Remaining": 14998}));
    let global = org.get("/sobjects").await.body;
    let lead = global["sobjects"].as_array().unwrap().iter().find(|object| object["name"] == "Lead").unwrap();
    assert_eq!(lead.as_object().unwrap().len(), 28);
    let old =
        org.http.get(org.url("/services/data/v20.0/limits")).bearer_auth(&org.token).send().await.unwrap();
    assert_eq!(Told::read(old).await.status, 410);
    let upper = org.http.get(org.url("/services/data/v66.0/Sobjects/LEAD/Describe/")).bearer_auth(&org.token);
    assert_eq!(Told::read(upper.send().await.unwrap()).await.body["name"], "Lead");
}

#[tokio::test]
async fn batch_runs_and_counts_each_call() {
    let org = Org::start().await;
    let requests = json!([
        {"method": "POST", "url": "v66.0/sobjects/Lead", "richInput": {"LastName": "佐藤", "Company": "継手"}},
        {"method": "GET", "url": "v66.0/sobjects/Nope"},
        {"method": "GET", "url": "v66.0/query?q=SELECT+COUNT()+FROM+Lead"},
    ]);
    let told = org.post("/composite/batch", json!({"batchRequests": requests})).await;
    assert_eq!((told.status, told.body["hasErrors"].as_bool()), (200, Some(true)));
    let statuses: Vec<i64> = told.body["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["statusCode"].as_i64())
        .collect();
    assert_eq!(statuses, [201, 404, 200]);
    assert_eq!(told.body["results"][2]["result"]["totalSize"], 1);
    assert_eq!(org.observe("/requests").await["api_calls"], 3);
    let told = org.post("/composite/batch", json!({"haltOnError": true, "batchRequests": requests})).await;
    assert_eq!(told.body["results"][2]["statusCode"], 412);
}

#[tokio::test]
async fn updated_and_deleted_give_changes() {
    let org = Org::start().await;
    let (kept, gone) = (org.lead("一", "a@example.jp").await, org.lead("二", "b@example.jp").await);
    org.delete(&format!("/sobjects/Lead/{gone}")).await;
    let now = org.observe("/clock").await["now"].as_str().unwrap().to_owned();
    let end = format!("{}T23:59:00+00:00", &now[..10]);
    let start = format!("{}T00:00:00+00:00", &now[..10]);
    let ask = |what: &'static str| {
        org.request(Method::GET, &format!("/sobjects/Lead/{what}/"))
            .query(&[("start", &start), ("end", &end)])
            .send()
    };
    let told = Told::read(ask("updated").await.unwrap()).await;
    assert_eq!(told.body["ids"], json!([kept]));
    let told = Told::read(ask("deleted").await.unwrap()).await;
    assert_eq!(told.body["deletedRecords"][0]["id"], gone.as_str());
    assert_eq!(org.get("/sobjects/Lead/updated?start=x&end=y").await.code(), "INVALID_REPLICATION_DATE");
    assert_eq!(org.get("/recent?limit=5").await.body[0]["Id"], kept.as_str());
    let columns = Told::read(
        org.request(Method::GET, "/query")
            .query(&[("q", "SELECT Id, Owner.Name, COUNT(Id) FROM Lead"), ("columns", "true")])
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(columns.body["columnMetadata"][1]["joinColumns"][0]["columnName"], "Name");
}

#[tokio::test]
async fn gzip_bodies_are_accepted_and_date_is_org_clock() {
    use std::io::Write as _;
    let org = Org::start().await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(json!({"LastName": "佐藤", "Company": "継手"}).to_string().as_bytes()).unwrap();
    let request = org.request(Method::POST, "/sobjects/Lead").header("content-type", "application/json");
    let request = request.header("content-encoding", "gzip").body(packed.finish().unwrap());
    assert_eq!(Told::read(request.send().await.unwrap()).await.status, 201);
    let broken = org.request(Method::POST, "/sobjects/Lead").header("content-encoding", "gzip").body("x");
    assert_eq!(broken.send().await.unwrap().status(), 400);
    org.control("/clock", json!({"advance_seconds": 366 * 86_400})).await;
    let mut org = org;
    org.sign_in().await;
    let year = org.observe("/clock").await["now"].as_str().unwrap()[..4].to_owned();
    assert!(org.get("/limits").await.header("date").contains(&year));
}

#[tokio::test]
async fn invalid_input_outside_data_api_is_rejected() {
    let org = Org::demo().await;
    let grant = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=";
    let bodies = [
        "",
        "x",
        "%",
        "grant_type=authorization_code&code=%00",
        "grant_type=refresh_token",
        "request=%FF&decision=allow",
        "username=%00&password=",
        "{\"fields\": [{}]}",
        "{\"clock\": []}",
        "[1, 2]",
        "{\"kind\": \"slow\", \"milliseconds\": -1}",
        "{\"seed\": \"rows:x\"}",
        "{\"advance_seconds\": 1e300}",
        "{\"speed\": -1}",
        "{\"user\": {\"id\": \"x\"}}",
        "{\"objects\": [{\"name\": \"x\"}]}",
        "{\"organization\": {\"edition\": []}}",
        "token=",
        "<a><b>",
        "<username></username><password></password>",
    ];
    let bodies: Vec<String> = bodies
        .iter()
        .map(|body| (*body).to_owned())
        .chain([format!("{grant}a.b.c"), format!("{grant}e30.e30.AA")])
        .collect();
    for path in [
        "/services/oauth2/token",
        "/services/oauth2/revoke",
        "/services/oauth2/introspect",
        "/services/oauth2/userinfo",
        "/services/oauth2/authorize?response_type=code&client_id=%00",
        "/id/x/y",
        "/login",
        "/consent",
        "/emulator/schema",
        "/emulator/clock",
        "/emulator/faults",
        "/emulator/reset",
        "/emulator/steer",
        "/emulator/records/%F0",
        "/emulator/log",
        "/?language=%00",
        "/lightning/r/x/y/view",
        "/lightning/o/Lead/list?page=-1",
        "/lightning/o/Lead/list?page=99999999999999",
        "/%00",
    ] {
        for body in &bodies {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let request = org.http.request(method.clone(), org.url(path)).body(body.clone());
                let request = request.header("content-type", "application/x-www-form-urlencoded");
                let status = request.send().await.unwrap().status().as_u16();
                assert!(status < 500, "{method} {path} {body}: {status}");
            }
        }
        org.http.delete(org.url("/emulator/faults")).send().await.unwrap();
    }
}

/// Whatever a client sends, the answer is a refusal and not a failure of the server.
#[tokio::test]
async fn invalid_input_never_gives_500() {
    let org = Org::demo().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    let rubbish = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!("\u{0}"),
        json!([]),
        json!({}),
        json!({"records": {}}),
        json!({"records": [1, null, {"attributes": {"type": 5}}]}),
        json!({"compositeRequest": [{"method": "GET"}]}),
        json!({"compositeRequest": [{"method": "POST", "url": "", "referenceId": "a", "body": [1]}]}),
        json!({"compositeRequest": [{"method": "POST", "url": "/services/data/v66.0/composite", "referenceId": "a", "body": {}}]}),
        json!({"ids": [1], "fields": "x"}),
        json!({"LastName": {"a": 1}, "Owner": {"b": 2}, "Company": []}),
        json!({"Owner": {"attributes": {"type": "User"}, "Username": "nobody"}}),
        json!({"batchRequests": [{}, 5]}),
        json!({"OwnerId": "00QgT0000000000", "Email": "@", "AnnualRevenue": "1e999", "Website": "x".repeat(300)}),
    ];
    let paths = [
        "",
        "/",
        "/sobjects",
        "/sobjects/Lead",
        "/sobjects/Lead/x",
        "/sobjects/Lead/Id/x",
        "/sobjects/Lead/Email/%00",
        "/sobjects/Task",
        "/sobjects/Event",
        "/sobjects/CampaignMember",
        "/sobjects/User",
        "/sobjects/Organization/x",
        "/composite",
        "/composite/batch",
        "/composite/sobjects",
        "/composite/sobjects/Lead",
        "/composite/sobjects/Lead/Email",
        "/composite/sobjects?ids=x,,",
        "/query",
        "/query?q=%27",
        "/query/x-y",
        "/queryAll?q=SELECT",
        "/limits/recordCount?sObjects=,",
        "/sobjects/Lead/updated",
        "/sobjects/Lead/deleted?start=2026-01-01T00:00:00Z&end=2026-01-01T00:00:00Z",
        "/recent?limit=-1",
        "/%F0%9F",
        "//",
        "/sobjects/Lead/describe/x/y/z",
    ];
    let paths = paths.iter().map(|path| (*path).to_owned()).chain([
        format!("/sobjects/Lead/{lead}"),
        format!("/sobjects/Lead/{lead}/Owner"),
        format!("/sobjects/Lead/{lead}/Nope"),
    ]);
    for path in paths {
        for method in ["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT"] {
            for body in &rubbish {
                let request = org.request(Method::from_bytes(method.as_bytes()).unwrap(), &path).json(body);
                let status = request.send().await.unwrap().status().as_u16();
                assert!(status < 500, "{method} {path} {body}: {status}");
                if method == "GET" || method == "HEAD" {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn leading_slashes_count_as_one() {
    let org = Org::start().await;
    let url = org.url("//services/data/v66.0/limits");
    assert_eq!(org.http.get(url).bearer_auth(&org.token).send().await.unwrap().status(), 200);
    assert_eq!(org.http.get(org.url("///")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn header_names_are_capitalised_as_clients_expect() {
    let org = Org::start().await;
    let address = org.handle.base_url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /services/data/v66.0/limits HTTP/1.1\r\nHost: emulator\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        org.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).await.unwrap();
    for name in ["Content-Type: application/json", "Sforce-Limit-Info: api-usage=", "Cache-Control: "] {
        assert!(told.contains(&format!("\r\n{name}")), "{name} in {told}");
    }
}
