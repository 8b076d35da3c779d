//! Routers through the API: drawn, checked, published, tried, and deciding about visitors.

use crate::support::Server;
use serde_json::{Value, json};
use storage::booking::pages;
use storage::testing::Kind;

/// Free mail gets a message, who comes from a campaign the demo, everybody else another page of the website.
fn chart() -> Value {
    json!({
        "slug": "inbound", "name": "お問い合わせの振り分け", "start": "free",
        "nodes": {
            "free": { "kind": "condition", "all": [{ "fact": "email.free_mail", "operator": "equals", "value": true }],
                "next": { "match": "sorry", "otherwise": "mail", "error": "sorry" } },
            "mail": { "kind": "condition", "any": [
                { "fact": "url.query.utm_source", "operator": "in", "value": ["mail", "news"] },
                { "fact": "answer.size", "operator": "equals", "value": "11-50" }],
                "next": { "match": "demo", "otherwise": "site", "error": "site" } },
            "demo": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" },
                "fallback": { "kind": "message", "text": { "ja": "後ほどご連絡します。", "en": "We will call you." } } },
            "sorry": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "会社のアドレスでお申し込みください。", "en": "" } } },
            "site": { "kind": "outcome", "outcome": { "kind": "redirect", "url": "https://www.example.co.jp/download" } },
        },
    })
}

#[tokio::test]
async fn router_is_published_and_decides_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let (status, made) = caller.post("/routers", &chart()).await;
        assert_eq!((status, &made["published"]), (201, &Value::Null), "{made}");
        let visitor =
            json!({ "email": "taro@example.co.jp", "url": "https://www.example.co.jp/?utm_source=mail" });
        assert_eq!(
            caller.post("/routers/inbound/route", &visitor).await.0,
            404,
            "nothing decides before it is published"
        );
        let (_, tried) = caller.post("/routers/inbound/try", &visitor).await;
        assert_eq!(tried["outcome"], json!({ "kind": "page", "page": "sales/demo", "hosts": [] }), "{tried}");
        let (_, checked) = caller.post("/routers/inbound/check", &json!({})).await;
        assert_eq!(checked["faults"], json!([]));
        let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
        assert_eq!((status, &published["version"]), (200, &json!(1)));
        for (email, url, exits, outcome) in [
            (
                "taro@example.co.jp",
                "https://www.example.co.jp/?utm_source=mail",
                json!(["otherwise", "match", "end"]),
                "page",
            ),
            (
                "taro@example.co.jp",
                "https://www.example.co.jp/",
                json!(["otherwise", "otherwise", "end"]),
                "redirect",
            ),
            ("taro@gmail.com", "", json!(["match", "end"]), "message"),
        ] {
            let (status, result) =
                caller.post("/routers/inbound/route", &json!({ "email": email, "url": url })).await;
            assert_eq!((status, &result["outcome"]["kind"]), (201, &json!(outcome)), "{result}");
            let way: Vec<&Value> = result["path"].as_array().unwrap().iter().map(|at| &at["exit"]).collect();
            assert_eq!(json!(way), exits, "{result}");
            let (_, found) =
                caller.get(&format!("/routing-decisions/{}", result["decision"].as_str().unwrap())).await;
            assert_eq!(found, result, "it is kept");
        }
        let (_, first) = caller.get("/routing-decisions?limit=2").await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let (_, rest) = caller.get(&format!("/routing-decisions?limit=2&cursor={cursor}")).await;
        assert_eq!(
            (first["decisions"].as_array().unwrap().len(), rest["decisions"].as_array().unwrap().len()),
            (2, 1)
        );
        assert_eq!(rest["next_cursor"], Value::Null);
    }
}

#[tokio::test]
async fn page_without_free_times_gives_the_fallback_and_says_why() {
    let server = Server::start().await;
    let caller = server.caller().await;
    caller.post("/routers", &chart()).await;
    caller.post("/routers/inbound/publish", &json!({})).await;
    let mut page = server.page.clone();
    page.hours.clear();
    let write = server.state.database.write().await.unwrap();
    pages::save(&write, server.workspace, &page, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
    let visitor = json!({ "email": "taro@example.co.jp", "answers": { "size": "11-50" } });
    let (_, result) = caller.post("/routers/inbound/route", &visitor).await;
    assert_eq!(result["outcome"]["text"]["ja"], "後ほどご連絡します。", "{result}");
    assert_eq!(result["instead_of"]["reason"], "no_free_time");
}

#[tokio::test]
async fn faults_are_told_on_their_nodes_and_keep_a_chart_from_being_published() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let mut broken = chart();
    broken["nodes"]["free"]["next"]["match"] = json!("");
    broken["nodes"]["demo"]["outcome"]["page"] = json!("sales/gone");
    broken["nodes"]["mail"]["any"][1]["fact"] = json!("answer.nobody_asks");
    let (status, _) = caller.post("/routers", &broken).await;
    assert_eq!(status, 201, "a draft may be unfinished");
    let (_, checked) = caller.post("/routers/inbound/check", &json!({})).await;
    let result: Vec<String> = checked["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            format!(
                "{} {} {}",
                fault["node"].as_str().unwrap(),
                fault["field"].as_str().unwrap(),
                fault["code"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        result,
        ["demo outcome.page page-missing", "free next.match dead-end", "mail any[1].fact question-missing",]
    );
    let (status, refused) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("nodes.demo.outcome.page")));
    let mut unreadable = chart();
    unreadable["slug"] = json!("other");
    unreadable["nodes"]["free"]["all"][0]["fact"] = json!("stars.sign");
    let (status, refused) = caller.post("/routers", &unreadable).await;
    assert_eq!(
        (status, &refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (422, &json!("nodes.free"), &json!("not-a-node"))
    );
    let (status, taken) = caller.post("/routers", &chart()).await;
    assert_eq!((status, &taken["errors"][0]["code"]), (422, &json!("taken")));
}

#[tokio::test]
async fn versions_stay_as_they_were_and_one_of_them_can_be_the_draft_again() {
    let server = Server::start().await;
    let caller = server.caller().await;
    caller.post("/routers", &chart()).await;
    caller.post("/routers/inbound/publish", &json!({})).await;
    let mut next = chart();
    next["nodes"]["sorry"]["outcome"] = json!({ "kind": "nothing" });
    assert_eq!(caller.put("/routers/inbound", &next).await.0, 200);
    let visitor = json!({ "email": "taro@gmail.com" });
    let (_, result) = caller.post("/routers/inbound/route", &visitor).await;
    assert_eq!(
        (&result["version"], &result["outcome"]["kind"]),
        (&json!(1), &json!("message")),
        "a draft decides nothing"
    );
    caller.post("/routers/inbound/publish", &json!({})).await;
    let (_, result) = caller.post("/routers/inbound/route", &visitor).await;
    assert_eq!((&result["version"], &result["outcome"]["kind"]), (&json!(2), &json!("nothing")));
    let (status, restored) = caller.post("/routers/inbound/versions/1/restore", &json!({})).await;
    assert_eq!((status, &restored["nodes"]["sorry"]["outcome"]["kind"]), (200, &json!("message")));
    assert_eq!(caller.post("/routers/inbound/versions/9/restore", &json!({})).await.0, 404);
    let (_, versions) = caller.get("/routers/inbound/versions").await;
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    let other = server.other_workspace().await;
    let stranger = server.caller_of(other).await;
    assert_eq!(stranger.get("/routers/inbound").await.0, 404);
    assert_eq!(stranger.get("/routing-decisions").await.1["decisions"], json!([]));
}

#[tokio::test]
async fn draft_runs_over_the_decisions_that_were_made_and_tells_which_would_change() {
    let server = Server::start().await;
    let caller = server.caller().await;
    caller.post("/routers", &chart()).await;
    caller.post("/routers/inbound/publish", &json!({})).await;
    for email in ["a@example.co.jp", "b@gmail.com", "c@gmail.com"] {
        assert_eq!(caller.post("/routers/inbound/route", &json!({ "email": email })).await.0, 201);
    }
    let (status, same) = caller.post("/routers/inbound/backtest", &json!({})).await;
    assert_eq!((status, &same["decisions"], &same["changed"]), (200, &json!(3), &json!(0)), "{same}");
    let mut draft = chart();
    draft["nodes"]["free"]["next"]["match"] = json!("site");
    assert_eq!(caller.put("/routers/inbound", &draft).await.0, 200);
    let (_, changed) = caller.post("/routers/inbound/backtest", &json!({})).await;
    assert_eq!((&changed["changed"], &changed["unsure"]), (&json!(2), &json!(0)), "{changed}");
    let first = &changed["listed"][0];
    assert_eq!(
        (&first["email"], &first["was"]["kind"], &first["would_be"]["kind"]),
        (&json!("c@gmail.com"), &json!("message"), &json!("redirect"))
    );
    draft["nodes"]["free"] = json!({ "kind": "find", "object": "lead", "by": "email",
        "next": { "match": "site", "otherwise": "sorry", "error": "site" } });
    draft["nodes"].as_object_mut().unwrap().remove("mail");
    draft["nodes"].as_object_mut().unwrap().remove("demo");
    assert_eq!(caller.put("/routers/inbound", &draft).await.0, 200);
    let (_, unsure) = caller.post("/routers/inbound/backtest", &json!({})).await;
    assert_eq!(unsure["unsure"], unsure["changed"], "nobody looked for a Lead then: {unsure}");
}
