//! Several records in one request: graphs and trees.

use serde_json::{Value, json};

use crate::harness::Org;

fn node(reference: &str, object: &str, body: Value) -> Value {
    json!({"method": "POST", "url": format!("/services/data/v66.0/sobjects/{object}"), "referenceId": reference, "body": body})
}

#[tokio::test]
async fn graph_is_committed_or_rolled_back_whole() {
    let org = Org::start().await;
    let good = json!({"graphId": "1", "compositeRequest": [
        node("account", "Account", json!({"Name": "継手"})),
        node("contact", "Contact", json!({"LastName": "佐藤", "AccountId": "@{account.id}"})),
    ]});
    let bad = json!({"graphId": "2", "compositeRequest": [
        node("account", "Account", json!({"Name": "残らない"})),
        node("contact", "Contact", json!({"FirstName": "名だけ"})),
    ]});
    let told = org.post("/composite/graph", json!({"graphs": [good, bad]})).await;
    assert_eq!(told.status, 200);
    let graphs = told.body["graphs"].as_array().unwrap();
    assert_eq!((&graphs[0]["graphId"], &graphs[0]["isSuccessful"]), (&json!("1"), &json!(true)));
    let made = &graphs[0]["graphResponse"]["compositeResponse"];
    assert_eq!((&made[0]["httpStatusCode"], &made[0]["referenceId"]), (&json!(201), &json!("account")));
    assert!(
        made[0]["httpHeaders"]["Location"]
            .as_str()
            .unwrap()
            .starts_with("/services/data/v66.0/sobjects/Account/001")
    );
    assert_eq!(graphs[1]["isSuccessful"], false);
    let lost = &graphs[1]["graphResponse"]["compositeResponse"];
    assert_eq!(lost[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(lost[1]["body"][0]["errorCode"], "REQUIRED_FIELD_MISSING");
    let accounts = org.rows("SELECT Name, (SELECT LastName FROM Contacts) FROM Account").await;
    assert_eq!((accounts.len(), &accounts[0]["Contacts"]["records"][0]["LastName"]), (1, &json!("佐藤")));
}

#[tokio::test]
async fn graphs_above_limits_are_rejected() {
    let org = Org::start().await;
    let account = |reference: &str| node(reference, "Account", json!({"Name": "x"}));
    let graph = |id: &str, parts: Vec<Value>| json!({"graphId": id, "compositeRequest": parts});
    let chain = (0..16).map(|place| {
        let name = if place == 0 { json!("x") } else { json!(format!("@{{r{}.id}}", place - 1)) };
        node(&format!("r{place}"), "Account", json!({"Name": name}))
    });
    let query = json!({"method": "GET", "url": "/services/data/v66.0/query?q=x", "referenceId": "q"});
    for graphs in [
        vec![],
        vec![graph("1", vec![account("a")]), graph("1", vec![account("a")])],
        vec![graph("-1", vec![account("a")])],
        vec![graph("a.b", vec![account("a")])],
        vec![graph(&"x".repeat(40), vec![account("a")])],
        vec![graph("1", vec![account("a"), account("a")])],
        vec![graph("1", chain.collect())],
        vec![graph("1", vec![query])],
        vec![graph("1", (0..501).map(|place| account(&format!("r{place}"))).collect())],
        (0..76).map(|place| graph(&format!("g{place}"), vec![account("a")])).collect(),
    ] {
        let told = org.post("/composite/graph", json!({"graphs": graphs})).await;
        assert_eq!((told.status, told.code()), (400, "INVALID_GRAPH"));
    }
    assert_eq!(org.post("/composite/graph", json!({})).await.code(), "JSON_PARSER_ERROR");
    let failing = |place: usize| graph(&format!("g{place}"), vec![node("a", "Account", json!({}))]);
    let told =
        org.post("/composite/graph", json!({"graphs": (0..17).map(failing).collect::<Vec<_>>()})).await;
    let code = |place: usize| {
        told.body["graphs"][place]["graphResponse"]["compositeResponse"][0]["body"][0]["errorCode"].clone()
    };
    assert_eq!((code(14), code(16)), (json!("REQUIRED_FIELD_MISSING"), json!("PROCESSING_HALTED")));
}

#[tokio::test]
async fn tree_is_saved_whole_or_not_at_all() {
    let org = Org::start().await;
    let record = |kind: &str, reference: &str, more: Value| {
        let mut record = json!({"attributes": {"type": kind, "referenceId": reference}});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    };
    let tree = |name: Value| {
        json!({"records": [record("Account", "a", json!({"name": "継手", "Contacts": {"records": [
        record("Contact", "c", json!({"lastname": "佐藤"})), record("Contact", "d", json!({"lastname": name}))]}}))]})
    };
    let told = org.post("/composite/tree/Account", tree(json!("山田"))).await;
    assert_eq!((told.status, &told.body["hasErrors"]), (201, &json!(false)), "{:?}", told.body);
    let results = told.body["results"].as_array().unwrap();
    assert_eq!(
        results.iter().map(|row| row["referenceId"].clone()).collect::<Vec<_>>(),
        [json!("a"), json!("c"), json!("d")]
    );
    assert_eq!(org.rows("SELECT Id FROM Contact WHERE Account.Name = '継手'").await.len(), 2);
    let told = org.post("/composite/tree/Account", tree(Value::Null)).await;
    assert_eq!(told.status, 400);
    assert_eq!(told.body["results"][0]["referenceId"], "d");
    assert_eq!(told.body["results"][0]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING");
    assert_eq!(told.body["results"].as_array().unwrap().len(), 1);
    assert_eq!(org.rows("SELECT Id FROM Account").await.len(), 1);
    for wrong in [
        json!({"records": [{"name": "x"}]}),
        json!({"records": [record("Contact", "a", json!({"lastname": "x"}))]}),
        json!({"records": [record("Account", "a", json!({"name": "x", "Wishes": {"records": []}}))]}),
        json!({"records": [record("Account", "a", json!({"name": "x"})), record("Account", "a", json!({"name": "y"}))]}),
    ] {
        assert_eq!(org.post("/composite/tree/Account", wrong.clone()).await.status, 400, "{wrong}");
    }
    assert_eq!(org.post("/composite/tree/Nothing", json!({})).await.status, 404);
}

#[tokio::test]
async fn nested_composites_are_rejected() {
    let org = Org::start().await;
    for inner in ["composite", "composite/graph", "composite/batch"] {
        let part = json!({"method": "POST", "url": format!("/services/data/v66.0/{inner}"), "referenceId": "r", "body": {}});
        let told = org.post("/composite", json!({"compositeRequest": [part]})).await;
        assert_eq!(told.body["compositeResponse"][0]["httpStatusCode"], 404, "{inner}");
        let part = json!({"method": "POST", "url": format!("v66.0/{inner}"), "richInput": {}});
        let told = org.post("/composite/batch", json!({"batchRequests": [part]})).await;
        assert_eq!(told.body["results"][0]["statusCode"], 404, "{inner}");
    }
}
