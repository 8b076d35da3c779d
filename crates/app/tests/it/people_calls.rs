//! What the sync of many people costs in calls, as the org counts them (C9; budget of the two-way sync).

use crate::harness::TestSystem;
use crate::people_sync::{add, begin_with_rows, change, start, sync};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        many_people_come_over_are_changed_and_created_in_few_calls,
        very_many_people_come_over_as_a_job_and_go_on_after_a_kill
    );
}

/// Leads, and as many Contacts; more by hand, with `TSUGITE_TEST_PEOPLE_ROWS=10500`.
fn rows() -> u32 {
    let told = std::env::var("TSUGITE_TEST_PEOPLE_ROWS").ok();
    told.map_or(700, |rows| rows.parse().expect("a number of rows"))
}

async fn many_people_come_over_are_changed_and_created_in_few_calls(kind: Kind) {
    let rows = rows();
    let world = begin_with_rows(kind, rows).await;
    // So many changes at once are what is measured.
    let settings = json!({ "enabled": false, "change_events": false, "ask_above_percent": 100 });
    assert_eq!(world.server.put("/people-sync", &settings).await.0, 200);
    start(&world).await;
    let people = all_people(&world).await;
    assert_eq!(people.len(), 2 * rows as usize, "one for each Lead and Contact");
    assert!(people.iter().all(|person| person["sync"]["state"] == "synced"));
    // A call for the question what changed, and one for every 600 records of an object.
    let leads: Vec<&Value> = people.iter().filter(|person| person["partner"]["object"] == "Lead").collect();
    let edits = rows as usize - 50;
    for person in leads.iter().take(edits) {
        change(&world, person, json!({ "title": "部長" })).await;
    }
    assert_eq!(counted(&world, 1 + edits.div_ceil(600)).await, edits, "changed in the org");
    // A call for the question, one for the look-up of up to 3,000 addresses, and one for every 1,000 Leads.
    let new = rows as usize * 3 / 7;
    for number in 0..new {
        let fields = json!({ "last_name": "新規", "company": "新規商事" });
        add(&world, &format!("new{number}@calls.example"), fields).await;
    }
    counted(&world, 1 + new.div_ceil(3_000) + new.div_ceil(1_000)).await;
    let made = world.org.rows("Lead").await;
    let made = made
        .iter()
        .filter(|lead| lead["Email"].as_str().is_some_and(|email| email.ends_with("@calls.example")));
    assert_eq!(made.count(), new);
    // Changes there come in pages of 2,000, the first of them with the question.
    let ids: Vec<&str> = leads.iter().filter_map(|person| person["partner"]["id"].as_str()).collect();
    for ids in ids[..edits].chunks(200) {
        let records: Vec<Value> = ids
            .iter()
            .map(|id| json!({ "attributes": { "type": "Lead" }, "id": id, "Title": "課長" }))
            .collect();
        let body = json!({ "allOrNone": false, "records": records });
        assert_eq!(world.org.rest("PATCH", "composite/sobjects", &body).await.0, 200);
    }
    counted(&world, (edits + new).div_ceil(2_000)).await;
    assert_eq!(all_people(&world).await.iter().filter(|one| one["fields"]["title"] == "課長").count(), edits);
}

/// So many records cost fewer calls as a job than page by page.
const JOB_ROWS: u32 = 25_000;

async fn very_many_people_come_over_as_a_job_and_go_on_after_a_kill(kind: Kind) {
    let mut world = begin_with_rows(kind, JOB_ROWS).await;
    // How they are read is looked at here, and not what becomes of them.
    let filter = json!({ "records": [{ "field": "company", "operator": "is_blank" }] });
    let settings = json!({ "enabled": false, "change_events": false, "filter": filter });
    assert_eq!(world.server.put("/people-sync", &settings).await.0, 200);
    world.org.count_calls().await;
    let (status, body) = world.server.post("/people-sync/start", &json!({ "mode": "everything" })).await;
    assert_eq!(status, 202, "{body:#}");
    // Killed while the job's rows are being read.
    let is_reading = async |world: &TestSystem| {
        let (_, runs) = world.server.get("/runs").await;
        let run = runs["runs"].as_array().unwrap().iter().find(|run| run["kind"] == "people_sync").unwrap();
        run["receipt"]["received"]["Lead"].as_u64().is_some_and(|rows| rows >= 2_000)
    };
    while !is_reading(&world).await {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    world.server.kill_and_restart().await;
    let (_, runs) = world.server.get("/runs").await;
    let run = runs["runs"].as_array().unwrap().iter().find(|run| run["kind"] == "people_sync").unwrap();
    let run = crate::syncing::over(&world, &run["id"]).await;
    assert_eq!(run["state"], "done", "{run:#}");
    let received = json!({ "Lead": JOB_ROWS, "Contact": JOB_ROWS });
    assert_eq!(run["receipt"]["received"], received, "each record once: {run:#}");
    let calls = world.org.calls().await;
    assert!(calls <= 60, "{calls} calls");
}

/// Syncs, holds the calls against what they may be, and gives how many Leads have the title.
async fn counted(world: &TestSystem, allowed: usize) -> usize {
    world.org.count_calls().await;
    let run = sync(world).await;
    let calls = world.org.calls().await;
    assert!(calls <= i64::try_from(allowed).unwrap(), "{calls} calls, {allowed} allowed: {run:#}");
    assert_eq!(run["receipt"]["calls"].as_i64(), Some(calls), "the receipt tells what the org counted");
    world.org.rows_where("Lead", "Title", "部長").await.len()
}

async fn all_people(world: &TestSystem) -> Vec<Value> {
    let mut people = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = world.server.get(&format!("/people?limit=200{cursor}")).await;
        assert_eq!(status, 200, "{page:#}");
        people.extend(page["people"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return people,
        }
    }
}
