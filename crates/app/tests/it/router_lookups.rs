//! What routers look up: in the local copy, and in the org itself, whatever has happened to it (G2, G6).

use crate::harness::TestSystem;
use crate::syncing::{choose_undisturbed, refreshed};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        owner_of_the_synced_account_meets_the_visitor,
        org_is_asked_at_once_and_an_org_in_trouble_takes_the_third_exit
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
