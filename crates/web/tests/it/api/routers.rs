//! Routers through the API: drawn, checked, published, tried, and deciding about visitors.

use crate::api::stored;
use crate::api::stored::row;
use crate::support::Server;
use domain::mirror::{MirrorRow, RecordState};
use domain::router::OWNER;
use domain::synced_fields::{SyncedFields, SyncedObject};
use serde_json::{Value, json};
use storage::booking::pages;
use storage::testing::Kind;
use storage::workspace::settings;

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

/// Keeps these fields of accounts from now on.
async fn sync_account_fields(server: &Server, fields: &[&str]) {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    let synced = SyncedFields::default().with(SyncedObject::Account, fields);
    let write = server.state.database.write().await.unwrap();
    settings::save(&write, server.workspace, &synced, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn find_node_leaves_records_out_and_its_tie_breaks_decide_between_the_others() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        sync_account_fields(&server, &["Name", "Type", "Since__c", OWNER]).await;
        let account = |place: i64, fields: Value| {
            let fields = json!({ "Name": format!("支店{place}"), "Type": fields[0], "Since__c": fields[1], OWNER: fields[2] });
            let id = format!("00100000000000{place}AAA");
            let row = row(&server, &id, Some("acme.example"), RecordState::Present, &fields);
            MirrorRow { system_modstamp: row.system_modstamp.plus_minutes(-place), ..row }
        };
        let accounts = [
            account(1, json!(["Partner", "2026-01-01", "suzuki@demo.example"])),
            account(2, json!(["Customer", "2024-01-01", "gone@demo.example"])),
            account(3, json!(["Customer", "2020-01-01", "Suzuki@demo.example"])),
            account(4, json!(["Customer", "2022-01-01", "sato@demo.example"])),
        ];
        stored::publish(&server, SyncedObject::Account.stream(), &accounts, &[]).await;
        let caller = server.caller().await;
        let chart = |find: Value| {
            let mut node = json!({ "kind": "find", "object": "account", "by": "domain",
                "next": { "match": "owner", "otherwise": "none", "error": "sorry" } });
            node.as_object_mut().unwrap().extend(find.as_object().unwrap().clone());
            json!({ "slug": "inbound", "name": "取引先", "start": "find", "nodes": {
                "find": node,
                "owner": { "kind": "outcome", "outcome": { "kind": "owner", "object": "account", "page": "sales/demo" },
                    "fallback": { "kind": "nothing" } },
                "none": { "kind": "outcome", "outcome": { "kind": "nothing" } },
                "sorry": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "ご連絡します。" } } } } })
        };
        let customer = json!([{ "fact": "account.Type", "operator": "equals", "value": "customer" }]);
        let member = json!([{ "order": "owner_is_member" }, { "field": "Since__c", "order": "oldest" }]);
        let steps = |steps: [&str; 3]| json!(steps);
        assert_eq!(caller.post("/routers", &chart(json!({}))).await.0, 201);
        for (find, hosts, why) in [
            (
                json!({}),
                json!(["suzuki@demo.example"]),
                steps([
                    "Found by company domain: Account “支店1”.",
                    "Records that match: 4.",
                    "Of 4, the one changed last is used.",
                ]),
            ),
            (
                json!({ "filters": customer, "prefer": member }),
                json!(["Suzuki@demo.example"]),
                steps([
                    "Found by company domain: Account “支店3”.",
                    "Of 4 matching, the filters left out 1; left: 3.",
                    "Of 3, the one with the oldest account.Since__c is used.",
                ]),
            ),
            (
                json!({ "filters": customer, "prefer": [{ "field": "Since__c", "order": "newest" }] }),
                Value::Null,
                steps([
                    "Found by company domain: Account “支店2”.",
                    "Of 4 matching, the filters left out 1; left: 3.",
                    "Of 3, the one with the newest account.Since__c is used.",
                ]),
            ),
        ] {
            assert_eq!(caller.put("/routers/inbound", &chart(find.clone())).await.0, 200);
            let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
            assert_eq!(status, 200, "{published}");
            let (_, shown) = caller.get("/routers/inbound").await;
            for part in ["filters", "prefer"] {
                assert_eq!(shown["nodes"]["find"][part], find[part], "the draft is what was sent");
            }
            let visitor = json!({ "email": "taro@tokyo.acme.example" });
            let (status, decided) = caller.post("/routers/inbound/route", &visitor).await;
            assert_eq!((status, &decided["outcome"]["hosts"]), (201, &hosts), "{decided:#}");
            assert_eq!(decided["path"][0]["why"], why);
            let (_, tried) = caller.post("/routers/inbound/try", &visitor).await;
            assert_eq!(tried["path"], decided["path"]);
            let searches = decided["facts"]["searches"].as_object().unwrap();
            assert!(searches.values().any(|search| search["matched"] == 4), "{decided:#}");
        }
        let nobody = json!([{ "fact": "account.Type", "operator": "equals", "value": "Prospect" }]);
        caller.put("/routers/inbound", &chart(json!({ "filters": nobody }))).await;
        let (_, tried) = caller.post("/routers/inbound/try", &json!({ "email": "taro@acme.example" })).await;
        assert_eq!(
            (&tried["path"][0]["exit"], &tried["path"][0]["why"][1]),
            (&json!("otherwise"), &json!("Of 4 matching, the filters left out 4; left: 0."))
        );
        sync_account_fields(&server, &["Name"]).await;
        caller.put("/routers/inbound", &chart(json!({ "filters": nobody, "prefer": member }))).await;
        let (_, checked) = caller.post("/routers/inbound/check", &json!({})).await;
        let faults: Vec<String> = (checked["faults"].as_array().unwrap().iter())
            .map(|fault| format!("{} {}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
            .collect();
        for expected in [
            "filters[0].fact field-not-synced",
            "prefer[0].order owner-not-synced",
            "prefer[1].field field-not-synced",
        ] {
            assert!(faults.contains(&expected.to_owned()), "{expected}: {faults:?}");
        }
        let (_, tried) = caller.post("/routers/inbound/try", &json!({ "email": "taro@acme.example" })).await;
        assert_eq!(
            tried["path"][0]["exit"], "error",
            "a field that is no longer kept decides nothing: {tried}"
        );
    }
}
