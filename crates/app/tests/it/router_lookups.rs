//! What routers look up: in the local copy, and in the org itself, whatever has happened to it (G2, G6).

use crate::harness::TestSystem;
use crate::syncing::{choose_undisturbed, refreshed};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        owner_of_the_synced_account_meets_the_visitor,
        org_is_asked_at_once_and_an_org_in_trouble_takes_the_third_exit,
        org_that_is_asked_at_once_obeys_filters_and_tie_breaks,
        decision_is_written_to_the_fields_that_keep_it
    );
}

async fn publish(world: &TestSystem, chart: &Value) {
    let (status, made) = world.server.post("/routers", chart).await;
    assert_eq!(status, 201, "{made}");
    let (status, published) = world.server.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!(status, 200, "{published:#}");
}

async fn route(world: &TestSystem, email: &str) -> Value {
    let (status, decided) = world.server.post("/routers/inbound/route", &json!({ "email": email })).await;
    assert_eq!(status, 201, "{decided}");
    decided
}

fn exits(decided: &Value) -> Vec<&str> {
    decided["path"].as_array().unwrap().iter().map(|at| at["exit"].as_str().unwrap()).collect()
}

async fn owner_of_the_synced_account_meets_the_visitor(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let sato = &world.org.rows_where("User", "Email", "haruka.sato@tsugite.example").await[0]["Id"];
    let account = |name: &str, site: &str, owner: &Value| json!({ "Name": name, "Website": site, "Industry": "Retail", "OwnerId": owner });
    world.org.create("Account", account("継手商事", "https://www.tsugite-shoji.example/jp", sato)).await;
    choose_undisturbed(
        &world,
        json!({ "account": ["Name", "Industry", "Owner.Email"], "contact": [], "lead": [] }),
    )
    .await;
    refreshed(&world).await;
    publish(
        &world,
        &json!({
            "slug": "inbound", "name": "担当者へ", "start": "customer",
            "nodes": {
                "customer": { "kind": "find", "object": "account", "by": "domain",
                    "next": { "match": "retail", "otherwise": "team", "error": "text" } },
                "retail": { "kind": "condition", "all": [{ "fact": "account.Industry", "operator": "equals", "value": "Retail" }],
                    "next": { "match": "owner", "otherwise": "team", "error": "text" } },
                "owner": { "kind": "outcome", "outcome": { "kind": "owner", "page": "sales/demo" }, "fallback": { "kind": "page", "page": "sales/demo" } },
                "team": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" }, "fallback": { "kind": "nothing" } },
                "text": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "ご連絡します。", "en": "" } } },
            },
        }),
    )
    .await;
    let decided = route(&world, "buyer@tokyo.tsugite-shoji.example").await;
    assert_eq!(exits(&decided), ["match", "match", "end"], "{decided:#}");
    assert_eq!(decided["outcome"]["hosts"], json!(["haruka.sato@tsugite.example"]));
    let mut booking = crate::harness::booking(1, "buyer@tokyo.tsugite-shoji.example", json!({}));
    booking["decision"] = decided["decision"].clone();
    let (status, booked) = world.server.post("/bookings", &booking).await;
    assert_eq!(
        (status, booked["hosts"].as_array().unwrap().len()),
        (201, 1),
        "only the owner attends: {booked:#}"
    );
    assert_eq!(booked["hosts"][0]["email"], "haruka.sato@tsugite.example");
    let other = route(&world, "someone@elsewhere.example").await;
    assert_eq!((exits(&other), &other["outcome"]["hosts"]), (vec!["otherwise", "end"], &json!([])));
    assert_eq!(
        exits(&route(&world, "someone@gmail.com").await),
        ["otherwise", "end"],
        "free mail is no company"
    );
}

async fn org_is_asked_at_once_and_an_org_in_trouble_takes_the_third_exit(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world
        .org
        .create(
            "Lead",
            json!({ "LastName": "山田", "Company": "NA", "Email": "yamada@x.example", "Rating": "Hot" }),
        )
        .await;
    publish(
        &world,
        &json!({
            "slug": "inbound", "name": "いま確かめる", "start": "lead",
            "nodes": {
                "lead": { "kind": "find", "object": "lead", "by": "email", "live": true,
                    "next": { "match": "hot", "otherwise": "team", "error": "text" } },
                "hot": { "kind": "condition", "all": [{ "fact": "lead.Rating", "operator": "equals", "value": "Hot" }],
                    "next": { "match": "team", "otherwise": "text", "error": "text" } },
                "team": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" }, "fallback": { "kind": "nothing" } },
                "text": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "ご連絡します。", "en": "" } } },
            },
        }),
    )
    .await;
    assert_eq!(exits(&route(&world, "yamada@x.example").await), ["match", "match", "end"]);
    assert_eq!(exits(&route(&world, "nobody@x.example").await), ["otherwise", "end"]);
    world.org.control("faults", &json!({ "kind": "session_expired", "times": 1 })).await;
    assert_eq!(
        exits(&route(&world, "yamada@x.example").await),
        ["match", "match", "end"],
        "it signs in again"
    );
    for trouble in [
        json!({ "kind": "slow", "milliseconds": 20_000, "before_commit": false }),
        json!({ "kind": "daily_limit" }),
        json!({ "kind": "status", "status": 503, "body": "html" }),
    ] {
        world.org.control("faults", &trouble).await;
        let decided = route(&world, "yamada@x.example").await;
        assert_eq!(exits(&decided), ["error", "end"], "{trouble}: {decided:#}");
        assert_eq!(decided["outcome"]["kind"], "message");
        world.org.heal().await;
    }
}

async fn org_that_is_asked_at_once_obeys_filters_and_tie_breaks(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let sato = &world.org.rows_where("User", "Email", "haruka.sato@tsugite.example").await[0]["Id"];
    let account = async |name: &str, industry: &str, employees: u32, owner: Option<&Value>| {
        let mut fields = json!({ "Name": name, "Website": "https://www.shop.example/", "Industry": industry,
            "NumberOfEmployees": employees });
        if let Some(owner) = owner {
            fields["OwnerId"] = owner.clone();
        }
        world.org.create("Account", fields).await
    };
    account("本社", "Retail", 900, None).await;
    account("支店", "Retail", 20, Some(sato)).await;
    account("出張所", "Retail", 30, None).await;
    account("工場", "Banking", 5_000, None).await;
    let chart = |find: Value| {
        let mut node = json!({ "kind": "find", "object": "account", "by": "domain", "live": true,
            "next": { "match": "team", "otherwise": "text", "error": "text" } });
        node.as_object_mut().unwrap().extend(find.as_object().unwrap().clone());
        json!({ "slug": "inbound", "name": "いま確かめる", "start": "find", "nodes": {
            "find": node,
            "team": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" }, "fallback": { "kind": "nothing" } },
            "text": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "ご連絡します。", "en": "" } } },
        } })
    };
    publish(&world, &chart(json!({}))).await;
    let retail = json!([{ "fact": "account.Industry", "operator": "equals", "value": "ｒｅｔａｉｌ" }]);
    let highest = json!([{ "field": "NumberOfEmployees", "order": "highest" }]);
    let member = json!([{ "order": "owner_is_member" }]);
    let nobody = json!([{ "fact": "account.Industry", "operator": "equals", "value": "Energy" }]);
    let quoted = json!([{ "fact": "account.Industry", "operator": "contains", "value": "' OR Name != '%_" }]);
    let decide = async |find: Value| {
        let (status, saved) = world.server.put("/routers/inbound", &chart(find)).await;
        assert_eq!(status, 200, "{saved}");
        let visitor = json!({ "email": "buyer@shop.example" });
        let (_, tried) = world.server.post("/routers/inbound/try", &visitor).await;
        let first = &tried["path"][0];
        (first["exit"].as_str().unwrap().to_owned(), first["why"].to_string())
    };
    for (find, exit, expected) in [
        (json!({ "prefer": highest }), "match", ["工場", "4件です", "最も大きい"]),
        (json!({ "filters": retail, "prefer": highest }), "match", ["本社", "4件のうち1件は", "3件のうち"]),
        (json!({ "filters": retail, "prefer": member }), "match", ["支店", "残りは3件", "所有者がメンバー"]),
        (json!({ "filters": nobody }), "otherwise", ["見つかりません", "4件のうち4件は", "残りは0件"]),
        (json!({ "filters": quoted }), "otherwise", ["見つかりません", "4件のうち4件は", "残りは0件"]),
    ] {
        let (taken, why) = decide(find.clone()).await;
        assert_eq!(taken, exit, "{find}: {why}");
        assert!(expected.iter().all(|part| why.contains(part)), "{find}: {why}");
    }
    for place in 0..200 {
        account(&format!("営業所{place}"), "Retail", 1, None).await;
    }
    let (exit, why) = decide(json!({ "filters": retail, "prefer": highest })).await;
    assert!(exit == "error" && why.contains("多すぎて"), "not all of them were read: {why}");
    let (exit, why) = decide(json!({})).await;
    assert!(
        exit == "match" && why.contains("件以上です"),
        "the last change decides, whatever comes after: {why}"
    );
}

async fn decision_is_written_to_the_fields_that_keep_it(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let field = |name: &str, length: u32| json!({ "object": "Lead", "name": name, "label": name, "type": "string", "length": length });
    let fields = [field("Reason__c", 200), field("Routing__c", 12)];
    world.org.control("schema", &json!({ "fields": fields })).await;
    let preflight = async || {
        let (status, body) = world.server.post("/salesforce/preflight", &json!({})).await;
        assert_eq!(status, 200, "{body:#}");
        let lines = body["checks"].as_array().unwrap().iter();
        let about = lines.filter(|line| line["data"]["page"] == "sales/demo");
        about.map(|line| (line["code"].clone(), line["verdict"].clone())).collect::<Vec<_>>()
    };
    preflight().await;
    let keeps = |field: &str| json!({ "field": "routing", "salesforce_field": field });
    let page = |mappings: Value| json!({ "salesforce": { "create_lead": true, "map_fields": true, "mappings": mappings } });
    let wrong = crate::harness::page("demo", page(json!([keeps("Gone__c"), keeps("AnnualRevenue")])));
    let (status, refused) = world.server.put("/pages/sales/demo", &wrong).await;
    let codes: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(
        (status, codes),
        (422, vec![&json!("no-such-salesforce-field"), &json!("routing-needs-text")])
    );
    world.page(page(json!([keeps("Reason__c"), keeps("Routing__c")]))).await;
    publish(
        &world,
        &json!({ "slug": "inbound", "name": "受付", "start": "team", "nodes": {
            "team": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" }, "fallback": { "kind": "nothing" } } } }),
    )
    .await;
    let decided = route(&world, "routed@x.example").await;
    let mut booking = crate::harness::booking(1, "routed@x.example", json!({}));
    booking["decision"] = decided["decision"].clone();
    let (status, routed) = world.server.post("/bookings", &booking).await;
    assert_eq!(status, 201, "{routed}");
    let direct = world.book(2, "direct@x.example", json!({})).await;
    let reason = "ルーター「受付」（バージョン1）が「予約ページ」に振り分けました。";
    let cut: String = reason.chars().take(12).collect();
    for (booking, email, expected) in [
        (&routed, "routed@x.example", [json!(reason), json!(cut)]),
        (&direct, "direct@x.example", [Value::Null, Value::Null]),
    ] {
        let settled = world.settled(booking).await;
        let leads = world.org.rows_where("Lead", "Email", email).await;
        assert_eq!(
            [&leads[0]["Reason__c"], &leads[0]["Routing__c"]],
            [&expected[0], &expected[1]],
            "{settled:#}"
        );
    }
    let trial = json!({ "page": "sales/demo", "email": "nobody@dry.example" });
    let (status, dry) = world.server.post("/dry-run", &trial).await;
    assert_eq!(status, 200, "{dry:#}");
    let shown = dry["plans"][0]["writes"][0]["fields"]["Reason__c"].as_str().unwrap().to_owned();
    assert!(shown.contains("ルーターの判定"), "{dry:#}");
    let fits = (json!("routing-fits"), json!("passed"));
    assert_eq!(preflight().await, [fits.clone(), fits.clone()]);
    let hidden = json!({ "hide_fields": [{ "object": "Lead", "field": "Routing__c" }] });
    world.org.control("schema", &hidden).await;
    assert_eq!(preflight().await, [fits, (json!("routing-field-missing"), json!("failed"))]);
}
