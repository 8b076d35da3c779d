//! Companies are imported, updated and removed as the settings say (Y2, Y4–Y8).

use crate::harness::{TIMEOUT, TestSystem};
use crate::slack_server::SlackServer;
use crate::syncing::over;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        companies_are_imported_and_updated,
        formula_changes_are_synced,
        picklist_options_are_synced_and_missing_fields_reported_once,
        import_resumes_after_kill_and_stops_on_disconnect,
        changed_source_object_replaces_companies,
        import_runs_on_schedule,
        purged_records_are_removed_within_a_day
    );
}

/// Saves settings and waits until the import that they begin is over.
async fn import(world: &TestSystem, settings: &Value) -> Value {
    let (status, body) = world.server.put("/company-import", settings).await;
    assert_eq!(status, 200, "{body:#}");
    let latest = latest_run(world).await;
    over(world, &latest["id"]).await
}

async fn import_again(world: &TestSystem) -> Value {
    let (status, body) = world.server.post("/company-import/run", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    let run = over(world, &body["run"]).await;
    assert_eq!(run["state"], "done", "{run:#}");
    run
}

async fn latest_run(world: &TestSystem) -> Value {
    let (_, body) = world.server.get("/runs").await;
    let runs = body["runs"].as_array().unwrap();
    runs.iter().find(|run| run["kind"] == "company_import").expect("an import has begun").clone()
}

fn refused(status: u16, body: &Value, code: &str) {
    assert_eq!((status, &body["type"]), (409, &json!(format!("urn:tsugite:problem:{code}"))), "{body:#}");
}

/// Companies by their names.
async fn companies(world: &TestSystem, query: &str) -> BTreeMap<String, Value> {
    let (status, body) = world.server.get(&format!("/companies?{query}")).await;
    assert_eq!(status, 200, "{body:#}");
    let all = body["companies"].as_array().unwrap().iter();
    all.map(|one| (one["name"].as_str().unwrap().to_owned(), one.clone())).collect()
}

async fn company(world: &TestSystem, id: &str) -> Value {
    let (status, body) = world.server.get(&format!("/companies/{id}")).await;
    assert_eq!(status, 200, "{body:#}");
    body
}

async fn patch(world: &TestSystem, object: &str, id: &str, fields: Value) {
    let (status, body) = world.org.rest("PATCH", &format!("sobjects/{object}/{id}"), &fields).await;
    assert_eq!(status, 204, "{body}");
}

/// Accounts whose names begin with 継手, and what is brought of them.
fn settings(more: Value) -> Value {
    let mut settings = json!({
        "object": "Account",
        "conditions": [{ "field": "Name", "operator": "starts_with", "value": "継手" }],
        "mappings": [
            { "field": "industry", "path": "Industry" },
            { "field": "site", "path": "Website" },
            { "field": "size", "path": "NumberOfEmployees" },
        ],
    });
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    settings
}

async fn wait_for_text(slack: &SlackServer, text: &str) {
    let until = tokio::time::Instant::now() + TIMEOUT;
    while !slack.texts().iter().any(|told| told.contains(text)) {
        assert!(tokio::time::Instant::now() < until, "{:?}", slack.texts());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A world whose messages go to a stand-in for Slack.
async fn begin_with_slack(kind: Kind) -> (TestSystem, SlackServer) {
    let slack = SlackServer::start().await;
    let allowed = [("TSUGITE_ALLOWED_HOSTS", slack.origin().to_owned())];
    let world = TestSystem::begin_with_settings(kind, 1.0, 20, &allowed).await;
    let settings = json!({ "slack": { "webhook_url": slack.webhook() } });
    assert_eq!(world.server.put("/settings/notifications", &settings).await.0, 200);
    (world, slack)
}

async fn companies_are_imported_and_updated(kind: Kind) {
    let (world, slack) = begin_with_slack(kind).await;
    let mut ids = Vec::new();
    for number in 0..6 {
        let fields = json!({ "Name": format!("継手{number}"), "Industry": "Retail", "NumberOfEmployees": number,
            "Website": format!("https://www.t{number}.co.jp/") });
        ids.push(world.org.create("Account", fields).await);
    }
    world.org.create("Account", json!({ "Name": "よその会社" })).await;
    let run = import(&world, &settings(json!({}))).await;
    assert_eq!(
        (&run["state"], &run["receipt"]["received"]["Account"]),
        (&json!("done"), &json!(6)),
        "{run:#}"
    );
    wait_for_text(&slack, "企業データ連携が完了しました（6件）").await;
    let found = companies(&world, "").await;
    assert_eq!(found.len(), 6);
    assert_eq!(found["継手3"]["external_id"], ids[3].as_str());
    assert_eq!(
        found["継手3"]["fields"],
        json!({ "industry": "Retail", "site": "https://www.t3.co.jp/", "size": 3 })
    );

    // Later: one changes, one comes, one no longer fits, one is deleted, one is merged.
    patch(&world, "Account", &ids[0], json!({ "Industry": "Banking", "NumberOfEmployees": 500 })).await;
    let come = world.org.create("Account", json!({ "Name": "継手 新規" })).await;
    patch(&world, "Account", &ids[1], json!({ "Name": "改名した会社" })).await;
    let deleted = world.org.rest("DELETE", &format!("sobjects/Account/{}", ids[2]), &Value::Null).await;
    assert_eq!(deleted.0, 204);
    world.org.control("merge", &json!({ "master_id": ids[4], "losing_ids": [ids[5]] })).await;
    let run = import_again(&world).await;
    assert_eq!(run["receipt"]["everything"], json!([]), "only what changed: {run:#}");
    let changed = company(&world, &ids[0]).await;
    assert_eq!(
        (&changed["fields"]["industry"], &changed["fields"]["size"]),
        (&json!("Banking"), &json!(500))
    );
    let values = changed["changes"][0]["values"].as_array().unwrap();
    let values: Vec<_> = values.iter().map(|one| (&one["field"], &one["from"], &one["to"])).collect();
    assert_eq!(
        values,
        [(&json!("industry"), &json!("Retail"), &json!("Banking")), (&json!("size"), &json!(0), &json!(500))]
    );
    assert_eq!(company(&world, &come).await["changes"], json!([]));
    for (id, state) in [(&ids[1], "filtered_out"), (&ids[2], "deleted"), (&ids[5], "merged")] {
        let gone = company(&world, id).await;
        assert_eq!((&gone["state"], &gone["standing"]), (&json!(state), &json!("marked")), "{gone:#}");
        assert_eq!(gone["changes"][0]["state"], state);
    }
    assert_eq!(company(&world, &ids[5]).await["leads_to"], ids[4].as_str());
    assert_eq!(companies(&world, "").await.len(), 7, "what is marked stays among them");

    // What happens to those that are gone is a setting, and needs no new import.
    let (status, body) =
        world.server.put("/company-import", &settings(json!({ "when_gone": "archive" }))).await;
    assert_eq!(status, 200, "{body:#}");
    assert_eq!(latest_run(&world).await["id"], run["id"], "the same records are brought as before");
    let shown = companies(&world, "").await;
    assert_eq!(shown.keys().collect::<Vec<_>>(), ["継手 新規", "継手0", "継手3", "継手4"]);
    assert_eq!(companies(&world, "standing=archived").await.len(), 3);

    // They are found by what people type.
    for typed in ["t3.co.jp", "info@t3.co.jp", "手3", &ids[3]] {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("search", typed).finish();
        let found = companies(&world, &query).await;
        assert_eq!(found.keys().collect::<Vec<_>>(), ["継手3"], "{typed}");
    }
    // One that fits again comes back.
    patch(&world, "Account", &ids[1], json!({ "Name": "継手1" })).await;
    import_again(&world).await;
    assert_eq!(company(&world, &ids[1]).await["standing"], "active");
}

async fn formula_changes_are_synced(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let parent = world.org.create("Account", json!({ "Name": "親会社", "Industry": "Retail" })).await;
    let child = world.org.create("Account", json!({ "Name": "継手子会社", "ParentId": parent })).await;
    let far = world.org.create("Account", json!({ "Name": "継手孫会社", "ParentId": child })).await;
    let settings = json!({
        "object": "Account",
        "conditions": [{ "field": "Parent.Industry", "operator": "is_not_blank" }],
        "mappings": [{ "field": "parent", "path": "Parent.Name" }],
    });
    let run = import(&world, &settings).await;
    assert_eq!(run["state"], "done", "{run:#}");
    assert_eq!(companies(&world, "").await.keys().collect::<Vec<_>>(), ["継手子会社"]);

    // Neither the child nor the grandchild was touched.
    patch(&world, "Account", &parent, json!({ "Name": "親会社 改" })).await;
    patch(&world, "Account", &child, json!({ "Industry": "Banking" })).await;
    import_again(&world).await;
    assert_eq!(company(&world, &child).await["fields"]["parent"], "親会社 改");
    assert_eq!(company(&world, &far).await["fields"]["parent"], "継手子会社");
    patch(&world, "Account", &parent, json!({ "Industry": null })).await;
    import_again(&world).await;
    assert_eq!(company(&world, &child).await["state"], "filtered_out");
}

async fn picklist_options_are_synced_and_missing_fields_reported_once(kind: Kind) {
    let (world, slack) = begin_with_slack(kind).await;
    let id = world
        .org
        .create("Account", json!({ "Name": "継手", "Industry": "Retail", "NumberOfEmployees": 7 }))
        .await;
    let run = import(&world, &settings(json!({}))).await;
    assert_eq!(run["state"], "done", "{run:#}");
    let values = json!(["Robotics", "Banking"]);
    world
        .org
        .control(
            "schema",
            &json!({ "picklists": [{ "object": "Account", "field": "Industry", "values": values }] }),
        )
        .await;
    patch(&world, "Account", &id, json!({ "Industry": "Robotics" })).await;
    import_again(&world).await;
    let (_, told) = world.server.get("/company-import").await;
    let options = told["fields"][0]["options"].as_array().unwrap();
    let option = |value: &str| {
        options.iter().find(|one| one["value"] == value).unwrap_or_else(|| panic!("{value}: {options:#?}"))
    };
    assert_eq!((&options[0]["value"], &option("Robotics")["there"]), (&json!("Robotics"), &json!(true)));
    assert_eq!(option("Retail")["there"], false, "it stays, for companies that hold it");
    assert_eq!(company(&world, &id).await["fields"]["industry"], "Robotics");

    world
        .org
        .control("schema", &json!({ "hide_fields": [{ "object": "Account", "field": "NumberOfEmployees" }] }))
        .await;
    patch(&world, "Account", &id, json!({ "Website": "https://t.example/" })).await;
    for round in 0..2 {
        let run = import_again(&world).await;
        assert_eq!(run["receipt"]["left_out"], json!(["Account.NumberOfEmployees"]), "{round}: {run:#}");
    }
    let kept = company(&world, &id).await;
    assert_eq!((&kept["fields"]["size"], &kept["fields"]["site"]), (&json!(7), &json!("https://t.example/")));
    wait_for_text(
        &slack,
        "取得できない項目をスキップして企業データを取り込みました：Account.NumberOfEmployees",
    )
    .await;
    let about = slack.texts().iter().filter(|told| told.contains("取得できない項目をスキップして")).count();
    assert_eq!(about, 1, "{:?}", slack.texts());

    // Without the field of a condition too much would come: nothing does, and the reason says which.
    let settings = json!({
        "object": "Account",
        "conditions": [{ "field": "Website", "operator": "is_not_blank" }],
        "mappings": [{ "field": "industry", "path": "Industry" }],
    });
    assert_eq!(import(&world, &settings).await["state"], "done");
    let before = companies(&world, "").await;
    world
        .org
        .control("schema", &json!({ "hide_fields": [{ "object": "Account", "field": "Website" }] }))
        .await;
    let (_, body) = world.server.post("/company-import/run", &json!({})).await;
    let run = over(&world, &body["run"]).await;
    assert_eq!((&run["state"], &run["reason"]["code"]), (&json!("failed"), &json!("run-conditions-unfit")));
    assert_eq!(run["reason"]["data"]["fields"], "Website");
    assert_eq!(companies(&world, "").await, before, "what was imported stays");
}

async fn import_resumes_after_kill_and_stops_on_disconnect(kind: Kind) {
    let mut world = TestSystem::begin_with_timeout(kind, 60.0, 2).await;
    world.org.control("reset", &json!({ "seed": "rows:20000" })).await;
    world.server.delete("/salesforce/connection").await;
    world.server.connect(&world.org).await;
    let slow = json!({ "kind": "slow", "milliseconds": 400, "path": "/jobs/query", "times": 6 });
    world.org.control("faults", &slow).await;
    let settings = json!({ "object": "Account", "mappings": [{ "field": "site", "path": "Website" }] });
    assert_eq!(world.server.put("/company-import", &settings).await.0, 200);
    let run = latest_run(&world).await;
    let path = format!("/runs/{}", run["id"].as_str().unwrap());
    world.server.wait_for(&path, |run| run["receipt"]["received"]["Account"].as_u64() > Some(0)).await;
    assert_eq!(companies(&world, "").await.len(), 0, "nothing is seen by half");
    let (status, body) = world.server.post("/company-import/run", &json!({})).await;
    refused(status, &body, "import-running");
    world.server.kill_and_restart().await;
    let followed = world.server.command(&["runs", "--follow"]).await;
    assert!(followed.contains("company_import  manual  done  Account 20000/20000"), "{followed}");
    let run = over(&world, &run["id"]).await;
    assert_eq!(run["state"], "done", "{run:#}");
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let (_, body) = world.server.get(&format!("/companies?limit=1000&cursor={cursor}")).await;
        count += body["companies"].as_array().unwrap().len();
        let Some(next) = body["cursor"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    assert_eq!(count, 20_000);

    let slow = json!({ "kind": "slow", "milliseconds": 3000, "times": 2 });
    world.org.control("faults", &slow).await;
    let (_, body) = world.server.post("/company-import/run", &json!({})).await;
    world.server.delete("/salesforce/connection").await;
    let run = over(&world, &body["run"]).await;
    assert_eq!(run["state"], "stopped", "{run:#}");
    assert_eq!(companies(&world, "limit=5").await.len(), 5, "companies stay (Y7)");
    let (status, body) = world.server.post("/company-import/run", &json!({})).await;
    refused(status, &body, "not-connected");
}

async fn changed_source_object_replaces_companies(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let account = world.org.create("Account", json!({ "Name": "継手商事", "Industry": "Retail" })).await;
    import(&world, &settings(json!({}))).await;
    let deal = json!({ "Name": "継手の商談", "AccountId": account, "StageName": "Prospecting", "CloseDate": "2030-01-31" });
    let deal = world.org.create("Opportunity", deal).await;
    let run = import(
        &world,
        &json!({
            "object": "Opportunity",
            "conditions": [{ "field": "Account.Name", "operator": "equals", "value": "継手商事" }],
            "mappings": [{ "field": "industry", "path": "Account.Industry" }, { "field": "closes", "path": "CloseDate" }],
        }),
    )
    .await;
    assert_eq!(run["state"], "done", "{run:#}");
    let found = companies(&world, "").await;
    assert_eq!(found.keys().collect::<Vec<_>>(), ["継手の商談"]);
    let company = &found["継手の商談"];
    assert_eq!((&company["external_id"], &company["object"]), (&json!(deal), &json!("Opportunity")));
    assert_eq!(company["fields"], json!({ "industry": "Retail", "closes": "2030-01-31" }));
    assert_eq!(world.server.get(&format!("/companies/{account}")).await.0, 404);
    let (_, off) =
        world.server.put("/company-import", &json!({ "object": "Opportunity", "enabled": false })).await;
    assert_eq!(off["enabled"], false);
    let (status, body) = world.server.post("/company-import/run", &json!({})).await;
    refused(status, &body, "import-off");
    assert_eq!(companies(&world, "").await.len(), 1, "they stay");
}

async fn import_runs_on_schedule(kind: Kind) {
    // An hour is a second.
    let world = TestSystem::begin(kind, 3600.0).await;
    import(&world, &settings(json!({ "every_hours": 1 }))).await;
    world.org.create("Account", json!({ "Name": "継手 後から" })).await;
    let periodic = |body: &Value| {
        let runs = body["runs"].as_array().unwrap();
        runs.iter().filter(|run| run["origin"] == "periodic" && run["state"] == "done").count() >= 3
    };
    world.server.wait_for("/runs", periodic).await;
    assert_eq!(companies(&world, "").await.len(), 1);
}

async fn purged_records_are_removed_within_a_day(kind: Kind) {
    // Twenty hours are seven seconds.
    let world = TestSystem::begin(kind, 10_800.0).await;
    let [stays, purged] = [
        world.org.create("Account", json!({ "Name": "継手 残る" })).await,
        world.org.create("Account", json!({ "Name": "継手 消える" })).await,
    ];
    let first = import(&world, &settings(json!({ "every_hours": 1 }))).await;
    world.org.control("hard-delete", &json!({ "ids": [purged], "forgotten": true })).await;
    world.server.wait_for(&format!("/companies/{purged}"), |company| company["state"] == "deleted").await;
    assert_eq!(company(&world, &stays).await["state"], "present");
    let last = latest_run(&world).await;
    let asked = |run: &Value| domain::value::Timestamp::parse(run["requested_at"].as_str().unwrap()).unwrap();
    let week_over = asked(&first).plus_minutes(7 * 24 * 60);
    assert!(asked(&last) < week_over, "the weekly look at all ids would have found it as well: {last:#}");
}
