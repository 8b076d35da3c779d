//! Synced fields: chosen, tested, synced and found (D1–D5).

use crate::harness::TestSystem;
use crate::syncing::{choose, choose_undisturbed, kept, over, refresh, sync_when_allowed};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        saved_fields_are_tested_and_synced,
        only_new_fields_are_checked_in_org,
        failed_sync_keeps_rows,
        sync_resumes_after_server_kill,
        sync_fails_if_org_stays_unavailable,
        rows_of_removed_fields_are_deleted,
        disconnect_stops_sync
    );
}

const LEAD: &str = "/synced-records/lead";
const ACCOUNT: &str = "/synced-records/account";

async fn saved_fields_are_tested_and_synced(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:nothing-to-sync")));
    let bad = json!({ "lead": ["Email", "email", "Owner..Email"], "account": ["a.b.c.d.e.f.G"] });
    assert_eq!(
        refused(&world, &bad).await,
        ["account[0] path-too-deep", "lead[1] taken", "lead[2] not-a-field-path"]
    );
    // Written right, and yet nothing that the org could give.
    let bad = json!({
        "account": ["Name", "Contacts.Email", "BillingAddress"],
        "contact": ["Compnay", "Acount.Name"],
        "lead": ["Emial", "Email"],
    });
    assert_eq!(
        refused(&world, &bad).await,
        [
            "account[1] child-list",
            "account[2] compound-field",
            "contact[0] no-such-field",
            "contact[1] no-such-lookup",
            "lead[0] no-such-field"
        ]
    );
    let (_, kept) = world.server.get("/synced-fields").await;
    assert_eq!((&kept["account"], &kept["lead"]), (&json!([]), &json!([])), "nothing is saved by half");

    let account = world.org.create("Account", json!({ "Name": "継手商事", "Website": "https://www.Tsugite-Shoji.example/jp", "Industry": "Retail" })).await;
    let contact = world
        .org
        .create(
            "Contact",
            json!({ "LastName": "佐藤", "Email": "Sato@Tsugite-Shoji.example", "AccountId": account }),
        )
        .await;
    let lead = world.org.create("Lead", json!({ "LastName": "山田", "Company": "NA", "Email": "Yamada@x.example", "Description": "一行目\n二行目 \"引用\"" })).await;
    choose(
        &world,
        json!({
            "account": ["Name", "Industry", "Owner.Name"],
            "contact": ["LastName", "Account.Name", "AccountId", "Department"],
            "lead": ["Company", "Description", "Owner.Email", "IsConverted"],
            "refresh_at": "02:30",
        }),
    )
    .await;
    let hidden = json!({ "hide_fields": [{ "object": "Contact", "field": "Department" }] });
    world.org.control("schema", &hidden).await;
    let whole_org = async || {
        let org = &world.org;
        [org.rows("Account").await, org.rows("Contact").await, org.rows("Lead").await, org.rows("Task").await]
    };
    let before = whole_org().await;
    let (status, tested) = world.server.post("/synced-fields/test", &json!({})).await;
    assert_eq!((status, &tested["good"]), (200, &json!(false)), "{tested:#}");
    let finding = |path: &str| {
        let found = tested["fields"].as_array().unwrap().iter().find(|field| field["path"] == path);
        found.unwrap_or_else(|| panic!("{tested:#}")).clone()
    };
    assert_eq!(finding("Owner.Email")["finding"], "good");
    assert_eq!(finding("AccountId")["offer"], "Account.Name");
    assert_eq!(finding("Department")["finding"], "no_such_field");

    let run = refresh(&world).await;
    assert_eq!(run["state"], "done", "{run:#}");
    assert_eq!(run["receipt"]["left_out"], json!(["Contact.Department"]), "the rest goes on without it");
    let found = async |path: &str| {
        let (status, body) = world.server.get(path).await;
        assert_eq!(status, 200, "{body:#}");
        body["records"].clone()
    };
    let records = found(&format!("{LEAD}?key=yamada@X.example")).await;
    assert_eq!(records[0]["id"], lead.as_str());
    assert_eq!(records[0]["fields"]["Company"], "NA", "a text, not a missing value");
    assert_eq!(records[0]["fields"]["Description"], "一行目\n二行目 \"引用\"");
    assert_eq!(records[0]["fields"]["IsConverted"], false);
    assert!(records[0]["fields"]["Owner.Email"].is_string());
    let records = found("/synced-records/account?key=tsugite-shoji.example").await;
    assert_eq!(records[0]["fields"]["Industry"], "Retail");
    let records = found("/synced-records/contact?key=sato@tsugite-shoji.example").await;
    assert_eq!(
        (&records[0]["id"], &records[0]["fields"]["Account.Name"]),
        (&json!(contact), &json!("継手商事"))
    );
    assert_eq!(world.server.get("/synced-records/task").await.0, 404);

    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (429, &json!("urn:tsugite:problem:sync-too-soon")));
    assert!(body["allowed_at"].as_str().unwrap().ends_with('Z'), "{body:#}");
    assert_eq!(whole_org().await, before, "nothing was written (D5)");
    let (_, shown) = world.server.get("/synced-fields").await;
    assert_eq!((&shown["refresh_at"], shown["kept"].as_array().unwrap().len()), (&json!("02:30"), 3));
}

/// The faults with which a choice is refused: field and code.
async fn refused(world: &TestSystem, choice: &Value) -> Vec<String> {
    let (status, body) = world.server.put("/synced-fields", choice).await;
    assert_eq!(status, 422, "{body:#}");
    let told =
        |fault: &Value| format!("{} {}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap());
    body["errors"].as_array().unwrap().iter().map(told).collect()
}

/// Two hours pass in a second here.
const FAST: f64 = 7200.0;

async fn only_new_fields_are_checked_in_org(kind: Kind) {
    // The pauses between six tries are a quarter of a second.
    let world = TestSystem::begin(kind, 60.0).await;
    choose_undisturbed(&world, json!({ "lead": ["LastName", "Title"] })).await;
    world.org.control("schema", &json!({ "hide_fields": [{ "object": "Lead", "field": "Title" }] })).await;
    world.org.count_calls().await;
    choose(&world, json!({ "lead": ["title"], "refresh_at": "04:00" })).await;
    assert_eq!(world.org.calls().await, 0, "what was chosen before does not stand in the way");
    let more = json!({ "lead": ["Title", "Status"] });
    world
        .org
        .control(
            "faults",
            &json!({ "kind": "status", "status": 503, "path": "/services/data", "times": 1000 }),
        )
        .await;
    let (status, body) = world.server.put("/synced-fields", &more).await;
    assert_eq!((status, &body["type"]), (502, &json!("urn:tsugite:problem:salesforce-unavailable")));
    world.org.heal().await;
    let (_, kept) = world.server.get("/synced-fields").await;
    assert_eq!((&kept["lead"], &kept["refresh_at"]), (&json!(["title"]), &json!("04:00")));
    choose(&world, more).await;
    // Without a connection there is no one to ask, and the fields can be prepared all the same.
    world.server.delete("/salesforce/connection").await;
    choose(&world, json!({ "lead": ["NotYet__c"] })).await;
}

async fn failed_sync_keeps_rows(kind: Kind) {
    let world = TestSystem::begin(kind, FAST).await;
    world.org.control("reset", &json!({ "seed": "rows:2500" })).await;
    world.server.delete("/salesforce/connection").await;
    world.server.connect(&world.org).await;
    choose(&world, json!({ "lead": ["LastName", "Company"] })).await;
    let first = refresh(&world).await;
    assert_eq!(first["state"], "done", "{first:#}");
    assert_eq!(first["receipt"]["received"]["Lead"], 2500);
    let before = kept(&world, LEAD).await;
    assert_eq!(before.len(), 2500);
    for row in world.org.rows("Lead").await {
        let fields = &before[row["Id"].as_str().unwrap()];
        assert_eq!((&fields["LastName"], &fields["Company"]), (&row["LastName"], &row["Company"]));
    }

    // With another field chosen everything is fetched again, and its second page is refused for good.
    choose(&world, json!({ "lead": ["LastName", "Company", "Status"] })).await;
    let refusal = json!({ "kind": "status", "status": 400, "code": "INVALID_QUERY_LOCATOR", "message": "x", "path": "-2000", "times": 100 });
    world.org.control("faults", &refusal).await;
    let failed = over(&world, &sync_when_allowed(&world).await).await;
    assert_eq!(
        (&failed["state"], &failed["reason"]["code"]),
        (&json!("failed"), &json!("run-org-refused")),
        "{failed:#}"
    );
    assert_eq!(kept(&world, LEAD).await, before, "readers never saw half of it");
    world.org.heal().await;
    let again = over(&world, &sync_when_allowed(&world).await).await;
    assert_eq!(again["state"], "done", "{again:#}");
}

async fn sync_resumes_after_server_kill(kind: Kind) {
    // A short time-out, and so a short lease: the run is taken up again soon after its server died.
    let mut world = TestSystem::begin_with_timeout(kind, 60.0, 2).await;
    world.org.control("reset", &json!({ "seed": "rows:9000" })).await;
    world.server.delete("/salesforce/connection").await;
    world.server.connect(&world.org).await;
    choose(&world, json!({ "lead": ["LastName", "Email"], "contact": ["Account.Name"] })).await;
    world
        .org
        .control("faults", &json!({ "kind": "slow", "milliseconds": 400, "path": "/query", "times": 4 }))
        .await;
    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    let path = format!("/runs/{}", body["run"].as_str().unwrap());
    world.server.wait_for(&path, |run| run["receipt"]["received"]["Contact"].as_u64() >= Some(2000)).await;
    assert!(kept(&world, "/synced-records/contact").await.is_empty(), "nothing is visible yet");
    world.server.kill_and_restart().await;
    let run = over(&world, &body["run"]).await;
    assert_eq!(run["state"], "done", "{run:#}");
    let contacts = kept(&world, "/synced-records/contact").await;
    let leads = kept(&world, LEAD).await;
    assert_eq!((contacts.len(), leads.len()), (9000, 9000));
}

async fn sync_fails_if_org_stays_unavailable(kind: Kind) {
    // All the tries together take longer than a lease of these: no one else may begin them again meanwhile.
    let world = TestSystem::begin_with_timeout(kind, 1.0, 1).await;
    choose(&world, json!({ "lead": ["LastName"] })).await;
    world.org.count_calls().await;
    let trouble = json!({ "kind": "status", "status": 503, "path": "/services/data", "times": 1000 });
    world.org.control("faults", &trouble).await;
    let run = refresh(&world).await;
    assert_eq!(
        (&run["state"], &run["reason"]["code"]),
        (&json!("failed"), &json!("run-org-in-trouble")),
        "{run:#}"
    );
    assert_eq!(world.org.faults_met().await["status"], 6, "each try once");
    assert_eq!(run["receipt"]["calls"], 6, "{run:#}");
}

async fn rows_of_removed_fields_are_deleted(kind: Kind) {
    let world = TestSystem::begin(kind, FAST).await;
    choose(&world, json!({ "lead": ["LastName"], "account": ["Name"] })).await;
    assert_eq!(refresh(&world).await["state"], "done");
    let (accounts, leads) = (kept(&world, ACCOUNT).await.len(), kept(&world, LEAD).await.len());
    assert!(accounts > 0 && leads > 0);
    choose(&world, json!({ "lead": ["LastName"] })).await;
    assert_eq!(over(&world, &sync_when_allowed(&world).await).await["state"], "done");
    assert!(kept(&world, ACCOUNT).await.is_empty(), "nobody reads them from then on");
    assert_eq!(over(&world, &sync_when_allowed(&world).await).await["state"], "done");
    // Whoever takes the whole database along takes none of them.
    let folder = tempfile::tempdir().unwrap();
    let copy = format!("sqlite:{}", folder.path().join("copy.db").display());
    let told = world.server.command(&["move-database", world.server.database(), &copy]).await;
    assert!(told.contains(&format!("mirror_rows: {leads} rows")), "{told}");
    choose(&world, json!({})).await;
    assert!(
        kept(&world, LEAD).await.is_empty(),
        "with nothing chosen no refresh would come to take them away"
    );
}

async fn disconnect_stops_sync(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let lead = world.org.create("Lead", json!({ "LastName": "山田", "Company": "x" })).await;
    choose(&world, json!({ "lead": ["LastName"] })).await;
    assert_eq!(refresh(&world).await["state"], "done");
    world.server.delete("/salesforce/connection").await;
    assert!(kept(&world, LEAD).await.contains_key(&lead), "what was fetched stays");
    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:not-connected")));
}
