//! Smaller resources of the data API.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Org, Told};

async fn with(org: &Org, method: Method, path: &str, header: (&str, &str)) -> Told {
    let request = org.request(method.clone(), path).header(header.0, header.1);
    let request = if method == Method::PATCH { request.json(&json!({"Phone": "03"})) } else { request };
    Told::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn accounts_have_etags_and_records_have_last_modified() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let path = format!("/sobjects/Account/{account}");
    let tag = org.get(&path).await.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 40, "{tag}");
    assert_eq!(with(&org, Method::GET, &path, ("If-None-Match", &tag)).await.status, 304);
    assert_eq!(with(&org, Method::GET, &path, ("If-Match", &tag)).await.status, 200);
    let told = with(&org, Method::PATCH, &path, ("If-Match", "\"other\"")).await;
    assert_eq!((told.status, told.code()), (412, "MATCH_PRECONDITION_FAILED"));
    assert_eq!(with(&org, Method::PATCH, &path, ("If-Match", &tag)).await.status, 204);
    assert_eq!(with(&org, Method::PATCH, &path, ("If-Match", &tag)).await.status, 412);
    assert_eq!(with(&org, Method::DELETE, &path, ("If-None-Match", "*")).await.status, 412);
    let lead = org.lead("佐藤", "a@example.jp").await;
    let path = format!("/sobjects/Lead/{lead}");
    let told = org.get(&path).await;
    assert_eq!(told.header("etag"), "");
    let (then, never) = (told.header("last-modified").to_owned(), "Mon, 01 Jan 2001 00:00:00 GMT");
    for (method, header, status) in [
        (Method::GET, ("If-Modified-Since", then.as_str()), 304),
        (Method::GET, ("If-Modified-Since", never), 200),
        (Method::GET, ("If-Modified-Since", "nonsense"), 200),
        (Method::GET, ("If-Unmodified-Since", never), 412),
        (Method::PATCH, ("If-Unmodified-Since", never), 412),
        (Method::PATCH, ("If-Unmodified-Since", "nonsense"), 400),
        (Method::PATCH, ("If-Unmodified-Since", &then), 204),
    ] {
        assert_eq!(with(&org, method.clone(), &path, header).await.status, status, "{method} {header:?}");
    }
}

#[tokio::test]
async fn layouts_and_picklists_are_described() {
    let org = Org::start().await;
    let action = org.get("/quickActions").await.body[0].clone();
    assert_eq!((&action["name"], action["actionEnumOrId"].as_str().unwrap().len()), (&json!("LogACall"), 15));
    let values = org.get("/quickActions/NewTask/defaultValues").await.body;
    let keys: Vec<_> = values.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["attributes", "Subject", "ActivityDate", "WhoId", "WhatId", "OwnerId", "Status"]);
    assert_eq!((&values["attributes"]["type"], &values["Status"]), (&json!("Task"), &json!("Not Started")));
    assert_eq!(org.get("/quickActions/Nothing/defaultValues").await.status, 404);
    let layouts = org.get("/sobjects/Lead/describe/layouts").await.body;
    assert_eq!(layouts["recordTypeMappings"][0]["recordTypeId"], "012000000000000AAA");
    assert!(layouts["layouts"][0]["detailLayoutSections"][0]["layoutRows"].as_array().unwrap().len() > 20);
    assert_eq!(org.get("/sobjects/Lead/describe/layouts/012000000000000AAA").await.status, 200);
    assert_eq!(org.get("/sobjects/Lead/describe/layouts/nonsense").await.status, 404);
    assert_eq!(
        org.get("/sobjects/Lead/describe/compactLayouts").await.body["compactLayouts"][0]["name"],
        "SYSTEM"
    );
    let picklists = org.get("/ui-api/object-info/Lead/picklist-values/012000000000000AAA").await.body;
    let status = &picklists["picklistFieldValues"]["Status"];
    assert_eq!(status["defaultValue"]["value"], "Open - Not Contacted");
    assert_eq!(status["values"].as_array().unwrap().len(), 4);
    assert_eq!(org.get("/ui-api/object-info/Lead/picklist-values/012000000000001AAA").await.status, 404);
}

#[tokio::test]
async fn explain_gives_query_plan() {
    let org = Org::start().await;
    org.lead("佐藤", "a@example.jp").await;
    let explain = |soql: &str| org.request(Method::GET, "/query").query(&[("explain", soql)]).send();
    let told = Told::read(explain("SELECT Id FROM Lead WHERE LastName = 'x'").await.unwrap()).await;
    let plan = &told.body["plans"][0];
    assert_eq!(
        (&plan["sobjectType"], &plan["cardinality"], &plan["sobjectCardinality"]),
        (&json!("Lead"), &json!(0), &json!(1))
    );
    let told = Told::read(explain("SELECT Nothing FROM Lead").await.unwrap()).await;
    assert_eq!(told.code(), "INVALID_FIELD");
}

#[tokio::test]
async fn accept_xml_gives_xml() {
    let org = Org::start().await;
    let lead = org.lead("A & B", "a@example.jp").await;
    let path = format!("/sobjects/Lead/{lead}");
    let text = async |path: &str, accept: &str| {
        let told =
            Told::read(org.request(Method::GET, path).header("Accept", accept).send().await.unwrap()).await;
        (told.header("content-type").to_owned(), told.body.as_str().unwrap_or_default().to_owned())
    };
    for (path, accept) in [(path.as_str(), "application/xml"), (&format!("{path}.xml"), "*/*")] {
        let (kind, body) = text(path, accept).await;
        assert_eq!(kind, "application/xml;charset=UTF-8", "{path}");
        assert!(
            body.contains("<Lead type=\"Lead\" url=") && body.contains("<LastName>A &amp; B</LastName>"),
            "{body}"
        );
    }
    assert!(
        text("/query.xml?q=SELECT+Id+FROM+Lead", "*/*")
            .await
            .1
            .contains("<QueryResult><totalSize>1</totalSize>")
    );
    assert!(
        text("/sobjects/Nothing", "application/xml")
            .await
            .1
            .contains("<Errors><Error><errorCode>NOT_FOUND</errorCode>")
    );
    assert_eq!(org.get(&format!("{path}.json")).await.body["LastName"], "A & B");
}
