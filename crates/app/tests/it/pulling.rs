//! The mirror holds what the org holds, row for row, whatever fails on either side (D).

use crate::harness::TestSystem;
use crate::syncing::{choose, choose_undisturbed, kept_rows, refresh, sync_when_allowed};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        mirror_equals_org_after_random_edits,
        twelve_edit_scripts_lose_no_row,
        sync_without_changes_takes_one_call,
        bulk_job_sync_resumes_after_kills
    );
}

/// Two hours pass in a second.
const FAST: f64 = 7200.0;
const OBJECTS: [&str; 3] = ["Account", "Contact", "Lead"];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Texts that transports have been seen to change.
const TEXTS: [&str; 9] = [
    "NA",
    "null",
    "NaN",
    "一行目\n二行目\r\n\"引用\", 'x'",
    "#N/A",
    "  両端に空白 ",
    "𠮷野家🍣",
    "a,b;c\td",
    "\\\"{}[]",
];

/// The org as someone keeps changing it, and what the test knows of it.
struct RandomEdits {
    random: StdRng,
    hidden: BTreeSet<String>,
    deleted: Vec<String>,
    merged: BTreeMap<String, String>,
    made: u32,
}

impl RandomEdits {
    fn text(&mut self) -> String {
        self.made += 1;
        let strange = *TEXTS.choose(&mut self.random).unwrap();
        format!("{strange}-{}", self.made)
    }

    async fn ids(&mut self, world: &TestSystem, object: &str) -> Vec<String> {
        let rows = world.org.rows(object).await;
        let open = rows.iter().filter(|row| row["IsConverted"] != true);
        open.map(|row| row["Id"].as_str().unwrap().to_owned()).collect()
    }

    async fn one(&mut self, world: &TestSystem, object: &str) -> Option<String> {
        let ids = self.ids(world, object).await;
        ids.choose(&mut self.random).filter(|id| !self.hidden.contains(*id)).cloned()
    }

    async fn create(&mut self, world: &TestSystem, object: &str) {
        let (name, text) = (self.text(), self.text());
        let fields = match object {
            "Account" => {
                json!({"Name": name, "Website": format!("https://www.co{}.example/", self.made), "Description": text})
            }
            "Contact" => {
                let account = self.one(world, "Account").await;
                json!({"LastName": name, "Email": format!("c{}@x.example", self.made), "AccountId": account, "Description": text})
            }
            _ => json!({"LastName": name, "Company": text, "Email": format!("L{}@x.example", self.made),
                        "AnnualRevenue": self.random.random_range(0..1_000_000)}),
        };
        world.org.create(object, fields).await;
    }

    async fn change(&mut self, world: &TestSystem) {
        let object = *OBJECTS.choose(&mut self.random).unwrap();
        let which = self.random.random_range(0..100);
        match which {
            0..35 => self.create(world, object).await,
            35..65 => {
                let Some(id) = self.one(world, object).await else { return };
                let name = self.text();
                let field = if object == "Account" { "Name" } else { "LastName" };
                let path = format!("sobjects/{object}/{id}");
                let (status, body) = world.org.rest("PATCH", &path, &json!({ field: name })).await;
                assert_eq!(status, 204, "{body}");
            }
            65..75 => {
                let Some(id) = self.one(world, object).await else { return };
                // A record that others stand on can't always be deleted.
                let gone = world.org.rest("DELETE", &format!("sobjects/{object}/{id}"), &Value::Null).await;
                if gone.0 == 204 {
                    self.deleted.push(id);
                }
            }
            75..80 => {
                let Some(id) = self.deleted.pop() else { return };
                // The recycle bin lets go of it after fifteen days, and days are short here.
                world.org.try_control("undelete", &json!({ "ids": [id] })).await;
            }
            80..84 => {
                let Some(id) = self.one(world, "Lead").await else { return };
                world.org.control("hard-delete", &json!({ "ids": [id] })).await;
            }
            84..92 => {
                let (Some(master), Some(loser)) =
                    (self.one(world, object).await, self.one(world, object).await)
                else {
                    return;
                };
                if master != loser {
                    let asked = json!({ "master_id": master, "losing_ids": [loser] });
                    world.org.control("merge", &asked).await;
                    self.merged.insert(loser, master);
                }
            }
            92..97 => {
                let Some(id) = self.one(world, "Lead").await else { return };
                world.org.control("convert", &json!({ "lead_id": id })).await;
            }
            _ => {
                if let Some(id) = self.one(world, object).await {
                    self.hidden.insert(id);
                }
                if self.hidden.len() > 3 {
                    self.hidden.pop_first();
                }
                world.org.control("schema", &json!({ "hidden_records": self.hidden })).await;
            }
        }
    }

    /// What the org holds, as the chosen fields show it, without what is hidden from the connected user.
    async fn org_rows(&self, world: &TestSystem, object: &str) -> BTreeMap<String, Value> {
        let accounts = by_id(world.org.rows("Account").await);
        let rows = by_id(world.org.rows(object).await);
        let mut owners = by_id(world.org.rows("User").await);
        owners.extend(by_id(world.org.rows("Group").await));
        let owner = |row: &Value| owners[row["OwnerId"].as_str().unwrap()]["Name"].clone();
        let shown = rows.into_iter().filter(|(id, _)| !self.hidden.contains(id));
        let fields = |row: &Value| match object {
            "Account" => json!({"Description": row["Description"], "Name": row["Name"],
                                "Owner.Name": owner(row)}),
            "Contact" => {
                let account = row["AccountId"].as_str().filter(|id| !self.hidden.contains(*id));
                let account = account.and_then(|id| accounts.get(id));
                json!({"Account.Name": account.map_or(Value::Null, |account| account["Name"].clone()),
                       "Description": row["Description"], "Email": row["Email"], "LastName": row["LastName"]})
            }
            _ => json!({"AnnualRevenue": row["AnnualRevenue"].as_f64(), "Company": row["Company"],
                        "IsConverted": row["IsConverted"], "LastName": row["LastName"],
                        "Owner.Name": owner(row)}),
        };
        shown.map(|(id, row)| (id, fields(&row))).collect()
    }

    async fn compare(&self, world: &TestSystem, round: u64) {
        for object in OBJECTS {
            let kept = kept_rows(world, &format!("/synced-records/{}", object.to_lowercase())).await;
            let expected = self.org_rows(world, object).await;
            for (id, fields) in &expected {
                let row = kept.get(id).unwrap_or_else(|| panic!("round {round}: {object} {id} is missing"));
                let mut found = row["fields"].clone();
                if object == "Lead" {
                    found["AnnualRevenue"] = json!(found["AnnualRevenue"].as_f64());
                }
                assert_eq!(&found, fields, "round {round}: {object} {id}");
            }
            for (id, row) in &kept {
                let known = expected.contains_key(id) || self.hidden.contains(id);
                assert!(known, "round {round}: {object} {id} is not in the org: {row}");
                if self.hidden.contains(id) {
                    assert_eq!(row["state"], "hidden", "round {round}: {object} {id}");
                }
            }
        }
    }
}

fn by_id(rows: Vec<Value>) -> BTreeMap<String, Value> {
    rows.into_iter().map(|row| (row["Id"].as_str().unwrap().to_owned(), row)).collect()
}

/// `TSUGITE_TEST_SEED` replays; `TSUGITE_TEST_ROUNDS` makes it longer, as `make bench` does.
async fn mirror_equals_org_after_random_edits(kind: Kind) {
    let clock = storage::Clock::default().now().microseconds();
    let seed = number("TSUGITE_TEST_SEED", u64::try_from(clock).unwrap() % 1_000_000);
    let rounds = number("TSUGITE_TEST_ROUNDS", 12);
    println!("{kind:?}: replay with TSUGITE_TEST_SEED={seed} ({rounds} rounds)");
    let mut world = TestSystem::begin_with_timeout(kind, FAST, 2).await;
    // The org's clock is a quarter of an hour ahead of ours.
    world.org.control("clock", &json!({ "advance_seconds": 900 })).await;
    choose(
        &world,
        json!({ "account": ["Name", "Description", "Owner.Name"],
                "contact": ["LastName", "Email", "Account.Name", "Description"],
                "lead": ["LastName", "Company", "IsConverted", "AnnualRevenue", "Owner.Name"] }),
    )
    .await;
    let mut mill = RandomEdits {
        random: StdRng::seed_from_u64(seed),
        hidden: BTreeSet::new(),
        deleted: Vec::new(),
        merged: BTreeMap::new(),
        made: 0,
    };
    let mut kills = 0;
    for round in 0..rounds {
        let late = mill.random.random_range(0..4) == 0;
        let tied = mill.random.random_range(0..4) == 0;
        if late {
            let seconds = mill.random.random_range(1..300);
            world.org.control("faults", &json!({ "kind": "late_commit", "seconds": seconds })).await;
        } else if tied {
            world.org.control("faults", &json!({ "kind": "tied_stamps", "seconds": 600 })).await;
        }
        for _ in 0..mill.random.random_range(0..12) {
            mill.change(&world).await;
        }
        world.org.heal().await;
        let trouble = [
            json!(null),
            json!({ "kind": "reset", "times": 2 }),
            json!({ "kind": "lost_answer", "times": 2 }),
            json!({ "kind": "session_expired", "times": 1 }),
            json!({ "kind": "status", "status": 500, "times": 2 }),
            json!({ "kind": "status", "status": 503, "body": "html", "times": 2 }),
            json!({ "kind": "slow", "milliseconds": 300, "times": 3 }),
        ];
        let trouble = trouble.choose(&mut mill.random).unwrap().clone();
        if !trouble.is_null() {
            world.org.control("faults", &trouble).await;
        }
        let run = sync_when_allowed(&world).await;
        if mill.random.random_range(0..8) == 0 {
            tokio::time::sleep(Duration::from_millis(mill.random.random_range(0..300))).await;
            world.server.kill_and_restart().await;
            kills += 1;
        }
        let run = crate::syncing::over(&world, &run).await;
        assert_eq!(run["state"], "done", "round {round} after {trouble}: {run:#}");
        world.org.heal().await;
        mill.compare(&world, round).await;
    }
    for (loser, master) in &mill.merged {
        let object = match &loser[..3] {
            "001" => "account",
            "003" => "contact",
            _ => "lead",
        };
        let (status, row) = world.server.get(&format!("/synced-records/{object}/{loser}")).await;
        // One that came and went between two looks was never kept.
        if status == 200 && row["state"] == "merged" {
            assert_eq!(row["leads_to"], master.as_str());
        }
    }
    println!("{kind:?}: {rounds} rounds, {kills} kills, {} records made: missing 0, twice 0", mill.made);
}

/// Runs a refresh, and gives what the org has counted and every run since, as a night may have come in between.
async fn sync_and_count(world: &TestSystem, meanwhile: impl AsyncFnOnce()) -> (i64, Vec<Value>) {
    let known = all_runs(world).await.len();
    world.org.count_calls().await;
    meanwhile().await;
    let run = sync_when_allowed(world).await;
    crate::syncing::over(world, &run).await;
    let calls = world.org.calls().await;
    let mut runs = all_runs(world).await;
    runs.truncate(runs.len() - known);
    assert!(runs.iter().all(|run| run["state"] == "done"), "{runs:#?}");
    (calls, runs)
}

async fn all_runs(world: &TestSystem) -> Vec<Value> {
    world.server.get("/runs").await.1["runs"].as_array().unwrap().clone()
}

async fn sync_without_changes_takes_one_call(kind: Kind) {
    let world = TestSystem::begin(kind, FAST / 5.0).await;
    world.org.control("reset", &json!({ "seed": "rows:20000" })).await;
    world.server.delete("/salesforce/connection").await;
    world.server.connect(&world.org).await;
    let chosen = json!({ "account": ["Name"], "contact": ["LastName"], "lead": ["LastName", "Company"] });
    choose_undisturbed(&world, chosen).await;
    let first = refresh(&world).await;
    assert_eq!(first["receipt"]["everything"], json!(["Account", "Contact", "Lead"]), "{first:#}");
    // The first run's own records are within the lag of the org's clock no more.
    world.org.control("clock", &json!({ "advance_seconds": 3600 })).await;
    sync_and_count(&world, async || {}).await;

    let (calls, runs) = sync_and_count(&world, async || {}).await;
    let changed =
        |runs: &[Value]| -> u64 { runs.iter().map(|run| run["receipt"]["changed"].as_u64().unwrap()).sum() };
    assert_eq!((calls, changed(&runs)), (i64::try_from(runs.len()).unwrap(), 0), "{runs:#?}");

    let leads: Vec<String> = by_id(world.org.rows("Lead").await).into_keys().take(10_000).collect();
    let calls_to_change = i64::try_from(leads.chunks(200).len()).unwrap();
    let change = async || {
        for some in leads.chunks(200) {
            let records: Vec<Value> = some
                .iter()
                .map(|id| json!({ "attributes": { "type": "Lead" }, "id": id, "LastName": "変更" }))
                .collect();
            let body = json!({ "allOrNone": true, "records": records });
            assert_eq!(world.org.rest("PATCH", "composite/sobjects", &body).await.0, 200);
        }
    };
    let (calls, runs) = sync_and_count(&world, change).await;
    assert_eq!(changed(&runs), 10_000, "{runs:#?}");
    // Five pages, the first of which comes with the question whether anything changed.
    let further_runs = i64::try_from(runs.len()).unwrap() - 1;
    assert!(calls - calls_to_change <= 5 + further_runs, "{calls} calls: {runs:#?}");
}

/// Everything that makes other tools lose rows, each alone, on changes that fill two pages.
const SCRIPTS: [&str; 12] = [
    "ties",
    "skew",
    "late commit",
    "cut page",
    "401",
    "500",
    "kill",
    "merge",
    "convert",
    "hide",
    "NA",
    "lines",
];

/// One half on each database, the other half on the next day; all with `TSUGITE_TEST_ALL_SCRIPTS=1` (`make bench`).
fn scripts(kind: Kind) -> Vec<&'static str> {
    let day = u64::try_from(storage::Clock::default().now().seconds() / 86_400).unwrap();
    let all = number("TSUGITE_TEST_ALL_SCRIPTS", 0) == 1;
    let mine = |place: u64| all || (place + day + u64::from(kind == Kind::Postgres)).is_multiple_of(2);
    (0..).zip(SCRIPTS).filter(|(place, _)| mine(*place)).map(|(_, script)| script).collect()
}

async fn twelve_edit_scripts_lose_no_row(kind: Kind) {
    let mut world = TestSystem::begin_with_timeout(kind, FAST, 2).await;
    let chosen = json!({ "account": ["Name", "Description", "Owner.Name"],
        "contact": ["LastName", "Email", "Account.Name", "Description"],
        "lead": ["LastName", "Company", "IsConverted", "AnnualRevenue", "Owner.Name"] });
    choose(&world, chosen).await;
    let mut mill = RandomEdits {
        random: StdRng::seed_from_u64(12),
        hidden: BTreeSet::new(),
        deleted: Vec::new(),
        merged: BTreeMap::new(),
        made: 0,
    };
    write_leads(&world, "POST", 2_100, |place| json!({ "LastName": format!("{place}"), "Company": "継手" }))
        .await;
    for script in scripts(kind) {
        let fault = match script {
            "ties" => Some(json!({ "kind": "tied_stamps", "seconds": 3600 })),
            "late commit" => Some(json!({ "kind": "late_commit", "seconds": 300 })),
            _ => None,
        };
        if let Some(fault) = fault {
            world.org.control("faults", &fault).await;
        }
        let name = |place: usize| match script {
            "NA" => TEXTS[place % 3].to_owned(),
            "lines" => format!("{}{place}", TEXTS[3 + place % 6]),
            _ => format!("{script} {place}"),
        };
        write_leads(&world, "PATCH", 2_100, |place| json!({ "LastName": name(place) })).await;
        let changes = if matches!(script, "merge" | "convert" | "hide") { 3 } else { 0 };
        for _ in 0..changes {
            let (one, other) =
                (mill.one(&world, "Lead").await.unwrap(), mill.one(&world, "Lead").await.unwrap());
            match script {
                "merge" if one != other => {
                    world.org.control("merge", &json!({ "master_id": one, "losing_ids": [other] })).await;
                }
                "convert" => drop(world.org.control("convert", &json!({ "lead_id": one })).await),
                "hide" => drop(mill.hidden.insert(one)),
                _ => {}
            }
        }
        world.org.control("schema", &json!({ "hidden_records": mill.hidden })).await;
        world.org.heal().await;
        if script == "skew" {
            world.org.control("clock", &json!({ "advance_seconds": 900 })).await;
        }
        let fault = match script {
            "cut page" => Some(json!({ "kind": "cut", "percent": 70, "path": "/query", "times": 1 })),
            "401" => Some(json!({ "kind": "session_expired", "path": "/query", "times": 1 })),
            "500" => {
                Some(json!({ "kind": "status", "status": 500, "body": "html", "path": "/query", "times": 2 }))
            }
            "kill" => Some(json!({ "kind": "slow", "milliseconds": 700, "path": "/query", "times": 1 })),
            _ => None,
        };
        if let Some(fault) = &fault {
            world.org.control("faults", fault).await;
        }
        let run = sync_when_allowed(&world).await;
        if script == "kill" {
            world.org.faults_spent().await;
            world.server.kill_and_restart().await;
        }
        let run = crate::syncing::over(&world, &run).await;
        assert_eq!(run["state"], "done", "{script}: {run:#}");
        if fault.is_some() {
            world.org.faults_spent().await;
        }
        world.org.heal().await;
        mill.compare(&world, 0).await;
    }
}

/// Makes leads, or writes into those that there are, two hundred a call.
async fn write_leads(world: &TestSystem, method: &str, count: usize, fields: impl Fn(usize) -> Value) {
    let rows = world.org.rows("Lead").await;
    let open: Vec<&Value> = rows.iter().filter(|row| row["IsConverted"] != true).take(count).collect();
    let places: Vec<usize> = (0..if method == "POST" { count } else { open.len() }).collect();
    for some in places.chunks(200) {
        let record = |place: &usize| {
            let mut record = fields(*place);
            record["attributes"] = json!({ "type": "Lead" });
            if method == "PATCH" {
                record["id"] = open[*place]["Id"].clone();
            }
            record
        };
        let body = json!({ "allOrNone": false, "records": some.iter().map(record).collect::<Vec<_>>() });
        let (status, told) = world.org.rest(method, "composite/sobjects", &body).await;
        assert_eq!(status, 200, "{told}");
    }
}

async fn bulk_job_sync_resumes_after_kills(kind: Kind) {
    let mut world = TestSystem::begin_with_timeout(kind, 60.0, 2).await;
    world.org.control("reset", &json!({ "seed": "rows:30000" })).await;
    world.server.delete("/salesforce/connection").await;
    world.server.connect(&world.org).await;
    choose(&world, json!({ "lead": ["LastName", "Email"], "contact": ["Account.Name"] })).await;
    let slow = json!({ "kind": "slow", "milliseconds": 700, "path": "/jobs/query", "times": 6 });
    world.org.control("faults", &slow).await;
    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    let path = format!("/runs/{}", body["run"].as_str().unwrap());
    let run = world
        .server
        .wait_for(&path, |run| run["receipt"]["received"]["Contact"].as_u64() >= Some(4000))
        .await;
    assert!(kept_rows(&world, "/synced-records/contact").await.is_empty(), "nothing is visible yet");
    let before = run["receipt"]["calls"].as_u64();
    world.server.kill_and_restart().await;
    world.server.wait_for(&path, |run| run["receipt"]["calls"].as_u64() > before).await;
    world.server.kill_and_restart().await;
    // A page that ends too early and looks whole, a session that is over, and an org in trouble.
    for fault in [
        json!({ "kind": "cut", "percent": 60, "path": "/results", "times": 1 }),
        json!({ "kind": "session_expired", "path": "/results", "times": 1 }),
        json!({ "kind": "status", "status": 500, "path": "/jobs/query", "times": 2 }),
    ] {
        world.org.control("faults", &fault).await;
    }
    let run = crate::syncing::over(&world, &body["run"]).await;
    assert_eq!(run["state"], "done", "{run:#}");
    let contacts = kept_rows(&world, "/synced-records/contact").await;
    let leads = kept_rows(&world, "/synced-records/lead").await;
    assert_eq!((contacts.len(), leads.len()), (30_000, 30_000));
    assert!(run["receipt"]["calls"].as_u64() < Some(40), "jobs, and not fifteen pages of each: {run:#}");
}
