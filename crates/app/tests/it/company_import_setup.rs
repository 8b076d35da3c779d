//! Setup of the company import: validated by the org, previewed, saved whole or not at all (Y1–Y3, Y8).

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        valid_settings_are_previewed_and_saved,
        invalid_settings_give_errors_by_field_and_are_not_saved,
        conditions_of_every_type_match_in_org,
        disconnected_workspace_saves_only_settings_without_org,
    );
}

fn codes(body: &Value) -> Vec<(&str, &str)> {
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{body:#}"));
    errors.iter().map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect()
}

async fn save(world: &TestSystem, import: &Value) -> Value {
    let (status, body) = world.server.put("/company-import", import).await;
    assert_eq!(status, 200, "{body:#}");
    body
}

/// How many records a condition matches.
async fn count(world: &TestSystem, object: &str, conditions: Value) -> u64 {
    let import = json!({ "object": object, "conditions": conditions });
    let (status, body) = world.server.post("/company-import/preview", &import).await;
    assert_eq!(status, 200, "{conditions}: {body:#}");
    body["count"].as_u64().unwrap()
}

async fn valid_settings_are_previewed_and_saved(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let (_, fresh) = world.server.get("/company-import").await;
    assert_eq!(
        (&fresh["enabled"], &fresh["object"], &fresh["every_hours"], &fresh["when_gone"]),
        (&json!(false), &json!("Account"), &json!(4), &json!("mark"))
    );
    let parent = world.org.create("Account", json!({ "Name": "継手ホールディングス" })).await;
    let child = json!({ "Name": "継手 O'Neil 50%", "Industry": "Retail", "ParentId": parent, "NumberOfEmployees": 12 });
    let child = world.org.create("Account", child).await;
    world.org.create("Account", json!({ "Name": "よその会社", "Industry": "Banking" })).await;

    let import = json!({
        "object": "Account",
        "conditions": [
            { "field": "industry", "operator": "is_one_of", "value": ["Retail"] },
            { "field": "Name", "operator": "contains", "value": "o'neil 50%" },
        ],
        "mappings": [
            { "field": "industry", "path": "Industry" },
            { "field": "size", "path": "NumberOfEmployees" },
            { "field": "parent", "path": "Parent.Name" },
            { "field": "owner", "path": "owner.Email" },
        ],
    });
    world.org.count_calls().await;
    let (status, seen) = world.server.post("/company-import/preview", &import).await;
    assert_eq!((status, &seen["count"]), (200, &json!(1)), "{seen:#}");
    let sample = &seen["sample"][0];
    assert_eq!((&sample["external_id"], &sample["name"]), (&json!(child), &json!("継手 O'Neil 50%")));
    assert_eq!(
        (&sample["fields"]["industry"], &sample["fields"]["size"], &sample["fields"]["parent"]),
        (&json!("Retail"), &json!(12), &json!("継手ホールディングス"))
    );
    assert!(sample["fields"]["owner"].as_str().unwrap().contains('@'));
    assert!(world.org.calls().await <= 3, "two describes, and count and sample in one call");
    let (_, still) = world.server.get("/company-import").await;
    assert_eq!(still, fresh, "a preview saves nothing");

    let saved = save(&world, &import).await;
    assert_eq!((&saved["enabled"], &saved["conditions"][0]["field"]), (&json!(true), &json!("Industry")));
    let kinds: Vec<(&str, &str)> = saved["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| (field["key"].as_str().unwrap(), field["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(kinds, [("industry", "picklist"), ("size", "number"), ("parent", "text"), ("owner", "email")]);
    assert!(saved["fields"][0]["options"].as_array().unwrap().iter().any(|one| one["value"] == "Retail"));

    // What GET gives can be put back, and the preview of the saved settings needs no body.
    let (_, told) = world.server.get("/company-import").await;
    assert_eq!(save(&world, &told).await, told);
    let (_, seen) = world.server.post("/company-import/preview", &json!({})).await;
    assert_eq!(seen["count"], 1);

    // Another object: the company fields stay, with new sources, and their kinds can't change.
    let import = json!({
        "object": "opportunity", "every_hours": 24, "when_gone": "archive",
        "conditions": [{ "field": "Account.Industry", "operator": "equals", "value": "Retail" }],
        "mappings": [{ "field": "industry", "path": "Account.Industry" }],
    });
    let saved = save(&world, &import).await;
    assert_eq!((&saved["object"], saved["fields"].as_array().unwrap().len()), (&json!("Opportunity"), 4));
    let other_kind = json!({
        "object": "Account", "fields": [{ "key": "industry", "label": "業種", "kind": "text" }],
        "mappings": [{ "field": "industry", "path": "Industry" }],
    });
    let (status, body) = world.server.put("/company-import", &other_kind).await;
    assert_eq!((status, codes(&body)), (422, vec![("fields[0].kind", "company-kind-fixed")]));
}

async fn invalid_settings_give_errors_by_field_and_are_not_saved(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let good = json!({ "object": "Account", "mappings": [{ "field": "site", "path": "Website" }] });
    let before = save(&world, &good).await;
    let (status, body) = world
        .server
        .put(
            "/company-import",
            &json!({
                "object": "Account",
                "conditions": [
                    { "field": "Industy", "operator": "equals", "value": "Retail" },
                    { "field": "Contacts.Email", "operator": "is_blank" },
                    { "field": "a.b.c.d.e.f.G", "operator": "is_blank" },
                    { "field": "AnnualRevenue", "operator": "equals", "value": "much" },
                    { "field": "CreatedDate", "operator": "on", "value": "2026-02-30" },
                    { "field": "Industry", "operator": "is_one_of", "value": ["Retail", "Cookery"] },
                    { "field": "Name", "operator": "less_than", "value": "x" },
                    { "field": "Description", "operator": "contains", "value": "x" },
                    { "field": "BillingAddress", "operator": "is_blank" },
                    { "field": "Ownr.Name", "operator": "equals", "value": "x" },
                ],
                "fields": [
                    { "key": "site", "label": "サイト", "kind": "url" },
                    { "key": "size", "label": "規模", "kind": "number" },
                ],
                "mappings": [
                    { "field": "site", "path": "Website" },
                    { "field": "site", "path": "Website" },
                    { "field": "size", "path": "Industry" },
                    { "field": "gone", "path": "Industry" },
                ],
            }),
        )
        .await;
    assert_eq!(status, 422, "{body:#}");
    assert_eq!(
        codes(&body),
        [
            ("conditions[0].field", "no-such-field"),
            ("conditions[1].field", "child-list"),
            ("conditions[2].field", "path-too-deep"),
            ("conditions[3].value", "not-a-number"),
            ("conditions[4].value", "not-a-day"),
            ("conditions[5].value", "not-an-option"),
            ("conditions[6].operator", "operator-unfit"),
            ("conditions[7].field", "unfilterable"),
            ("conditions[8].field", "unsupported-type"),
            ("conditions[9].field", "no-such-lookup"),
            ("mappings[1].field", "mapped-twice"),
            ("mappings[2].path", "company-kind-unfit"),
            ("mappings[3].field", "no-such-company-field"),
        ]
    );
    let messages: Vec<&str> =
        body["errors"].as_array().unwrap().iter().map(|fault| fault["message"].as_str().unwrap()).collect();
    assert!(messages[0].contains("Industry"), "the nearest name: {}", messages[0]);
    assert!(messages[9].contains("Owner"), "the nearest name: {}", messages[9]);
    assert!(messages.iter().all(|message| !message.starts_with("problem-")), "{messages:#?}");
    for (bad, field, code) in [
        (json!({}), "object", "unknown-object"),
        (json!({ "object": "Contact" }), "object", "unknown-object"),
        (json!({ "object": "Account", "every_hours": 0 }), "every_hours", "out-of-range"),
        (json!({ "object": "Account", "when_gone": "delete" }), "when_gone", "unknown-choice"),
        (
            json!({ "object": "Account", "conditions": [{ "field": "Name", "operator": "like", "value": "%" }] }),
            "conditions[0].operator",
            "unknown-choice",
        ),
        (
            json!({ "object": "Account", "fields": [{ "key": "x", "label": "x", "kind": "json" }] }),
            "fields[0].kind",
            "unknown-choice",
        ),
        (
            json!({ "object": "Account", "mappings": [{ "field": "x", "path": "OwnerId" }] }),
            "mappings[0].path",
            "lookup-only",
        ),
        (
            json!({ "object": "Account", "mappings": [{ "field": "Bad key", "path": "Name" }] }),
            "fields[1].key",
            "bad-key",
        ),
        (json!({ "object": "Account", "surprise": 1 }), "surprise", "bad-body"),
    ] {
        let (status, body) = world.server.put("/company-import", &bad).await;
        assert_eq!((status, codes(&body)), (422, vec![(field, code)]), "{bad}: {body:#}");
    }
    assert_eq!(world.server.get("/company-import").await.1, before, "nothing was saved by half");
}

async fn conditions_of_every_type_match_in_org(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let all = count(&world, "Account", json!([])).await;
    assert_eq!(all, u64::try_from(world.org.rows("Account").await.len()).unwrap());
    world
        .org
        .control("schema", &json!({ "fields": [
            { "object": "Account", "name": "Goods__c", "label": "商品", "type": "multipicklist", "picklist": ["松", "竹", "梅"] },
            { "object": "Account", "name": "Margin__c", "label": "粗利", "type": "currency", "precision": 12, "scale": 2 },
            { "object": "Account", "name": "Founded__c", "label": "設立日", "type": "date" },
            { "object": "Account", "name": "Vip__c", "label": "重要", "type": "boolean" },
        ] }))
        .await;
    let one = json!({
        "Name": "条件 100%", "Type": "Prospect", "AnnualRevenue": 1_234_567, "NumberOfEmployees": 7,
        "Website": "https://a_b.example", "Goods__c": "松;梅", "Margin__c": -0.5, "Founded__c": "2001-04-01", "Vip__c": true,
    });
    let id = world.org.create("Account", one).await;
    let day = storage::Clock::default()
        .now()
        .to_jiff()
        .to_zoned_datetime(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap())
        .date();
    let mine = |condition: Value| {
        let only = json!({ "field": "Id", "operator": "equals", "value": id });
        count(&world, "Account", json!([only, condition]))
    };
    for (field, operator, value, matches) in [
        ("Name", "equals", json!("条件 100%"), true),
        ("Name", "equals", json!("条件 100_"), false),
        ("Name", "not_equals", json!("x"), true),
        ("Name", "contains", json!("100%"), true),
        ("Name", "contains", json!("_00"), false),
        ("Name", "starts_with", json!("条件"), true),
        ("Name", "is_one_of", json!(["x", "条件 100%"]), true),
        ("Name", "is_blank", json!(null), false),
        ("Website", "contains", json!("a_b"), true),
        ("Website", "equals", json!("' OR Id != '"), false),
        ("AnnualRevenue", "equals", json!("1234567"), true),
        ("AnnualRevenue", ">=", json!("1,234,567"), true),
        ("AnnualRevenue", "less_than", json!(1_234_566.5), false),
        ("AnnualRevenue", "between", json!([1, 2_000_000]), true),
        ("NumberOfEmployees", "not_equals", json!("７"), false),
        ("CreatedDate", "on", json!(day.to_string()), true),
        ("CreatedDate", "on", json!("today"), true),
        ("CreatedDate", "before", json!("today"), false),
        ("CreatedDate", "on_or_after", json!("this_year"), true),
        ("CreatedDate", "on", json!("LAST_N_DAYS:2"), true),
        ("CreatedDate", "on", json!("last_year"), false),
        ("CreatedDate", "between", json!(["2020-01-01", day.to_string()]), true),
        ("CreatedDate", "after", json!(day.to_string()), false),
        ("Type", "is_one_of", json!(["Prospect"]), true),
        ("Type", "is_none_of", json!(["Prospect"]), false),
        ("Industry", "is_blank", json!(null), true),
        ("IsDeleted", "is_false", json!(null), true),
        ("IsDeleted", "equals", json!(true), false),
        ("Owner.Email", "is_not_blank", json!(null), true),
        ("Parent.Name", "is_blank", json!(null), true),
        ("Goods__c", "includes", json!(["竹", "梅"]), true),
        ("Goods__c", "includes", json!("竹"), false),
        ("Goods__c", "excludes", json!("竹"), true),
        ("Goods__c", "excludes", json!(["松"]), false),
        ("Goods__c", "is_blank", json!(null), false),
        ("Margin__c", "equals", json!(-0.5), true),
        ("Margin__c", "greater_than", json!("-0.51"), true),
        ("Founded__c", "on", json!("2001/4/1"), true),
        ("Founded__c", "after", json!("2001-04-01"), false),
        ("Founded__c", "between", json!(["2001-04-01", "2001-04-01"]), true),
        ("Founded__c", "before", json!("last_year"), true),
        ("Founded__c", "on", json!("n_days_ago:3"), false),
        ("Vip__c", "is_true", json!(null), true),
        ("OwnerId", "is_one_of", json!(["005000000000001AAA"]), false),
    ] {
        let condition = json!({ "field": field, "operator": operator, "value": value });
        assert_eq!(mine(condition.clone()).await, u64::from(matches), "{condition}");
    }
}

async fn disconnected_workspace_saves_only_settings_without_org(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let import = json!({ "object": "Account", "mappings": [{ "field": "site", "path": "Website" }] });
    let mut saved = save(&world, &import).await;
    world.server.delete("/salesforce/connection").await;
    for (method, path) in [("PUT", "/company-import"), ("POST", "/company-import/preview")] {
        let other = json!({ "object": "Account" });
        let (status, body) = match method {
            "PUT" => world.server.put(path, &other).await,
            _ => world.server.post(path, &other).await,
        };
        assert_eq!(
            (status, &body["type"]),
            (409, &json!("urn:tsugite:problem:not-connected")),
            "{method} {path}"
        );
    }
    saved["every_hours"] = json!(12);
    saved["enabled"] = json!(false);
    assert_eq!(save(&world, &saved).await["every_hours"], 12, "switching off asks nobody");
    let other = world.server.other_workspace().await;
    let url = format!("{}/api/v1/company-import", world.server.url());
    let told: Value =
        crate::harness::http().get(url).bearer_auth(other).send().await.unwrap().json().await.unwrap();
    assert_eq!((&told["every_hours"], &told["fields"]), (&json!(4), &json!([])), "another workspace's own");
}
