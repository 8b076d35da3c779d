//! Edits on both sides at any moment, while calls fail, answers are lost and the server is killed: then quiet, and both
//! sides are equal, with no edit lost that no conflict tells of (S12).

use crate::harness::TestSystem;
use crate::people_sync::{begin, change, lead, person, row, start};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(any_edits_under_faults_come_to_rest_equal_and_none_is_lost_unrecorded);
}

/// Rounds of edits; `TSUGITE_TEST_PEOPLE_ROUNDS` sets another number.
const ROUNDS: u64 = 8;
const PEOPLE: usize = 6;
const FIELDS: [(&str, &str); 3] = [("title", "Title"), ("phone", "Phone"), ("company", "Company")];

/// What was done and seen of one field of one person.
#[derive(Default)]
struct Seen {
    last_local: Option<String>,
    last_remote: Option<String>,
    /// Values that the record had after some round: the org has known them.
    in_org: BTreeSet<String>,
}

fn email(number: usize) -> String {
    format!("p{number}@rest.example")
}

async fn any_edits_under_faults_come_to_rest_equal_and_none_is_lost_unrecorded(kind: Kind) {
    let number =
        |name: &str, usual: u64| std::env::var(name).ok().and_then(|set| set.parse().ok()).unwrap_or(usual);
    let (rounds, seed) =
        (number("TSUGITE_TEST_PEOPLE_ROUNDS", ROUNDS), number("TSUGITE_TEST_SEED", 20_261_130));
    println!("seed {seed}, {rounds} rounds");
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = begin(kind).await;
    let mut leads = Vec::new();
    for number in 0..PEOPLE {
        leads.push(lead(&world, &email(number)).await);
    }
    start(&world).await;
    let mut seen: BTreeMap<(usize, &str), Seen> = BTreeMap::new();
    for round in 0..rounds {
        for edit in 0..=random.random_range(0..6) {
            let who = random.random_range(0..PEOPLE);
            let (field, path) = FIELDS[random.random_range(0..FIELDS.len())];
            let value = if field == "phone" {
                format!("03-{round:04}-{edit:04}")
            } else {
                format!("{field} {round}.{edit}")
            };
            let seen = seen.entry((who, field)).or_default();
            if random.random_range(0..2) == 0 {
                let found = person(&world, &email(who)).await;
                change(&world, &found, json!({ field: value })).await;
                seen.last_local = Some(value);
            } else {
                world.org.edit(&leads[who], json!({ path: value })).await;
                seen.last_remote = Some(value);
            }
        }
        break_something(&world, &mut random).await;
        let (status, body) = world.server.post("/people-sync/run", &json!({})).await;
        assert!(matches!(status, 202 | 409), "{body:#}");
        if random.random_range(0..3) == 0 {
            // At any moment of the run, as chance has it.
            tokio::time::sleep(std::time::Duration::from_millis(random.random_range(0..400))).await;
            world.server.kill_and_restart().await;
        } else if status == 202 {
            crate::syncing::over(&world, &body["run"]).await;
        }
        world.org.heal().await;
        for ((who, field), seen) in &mut seen {
            let path = FIELDS.iter().find(|(name, _)| name == field).unwrap().1;
            seen.in_org.extend(row(&world, &leads[*who]).await[path].as_str().map(str::to_owned));
        }
    }
    come_to_rest(&world, &leads, seed).await;
    let before = stamps(&world).await;
    for (number, lead) in leads.iter().enumerate() {
        let (found, kept) = (person(&world, &email(number)).await, row(&world, lead).await);
        let conflicts = conflicts(&world, &found).await;
        for (field, path) in FIELDS {
            let last = &found["fields"][field];
            let in_org = kept[path].as_str().unwrap_or_default();
            assert_eq!(last.as_str(), Some(in_org), "seed {seed}: {field} of {number}: {conflicts:#}");
            let Some(seen) = seen.get(&(number, field)) else { continue };
            for lost in [&seen.last_local, &seen.last_remote]
                .into_iter()
                .flatten()
                .filter(|value| *last != value.as_str())
            {
                let is_recorded = conflicts.as_array().unwrap().iter().any(|conflict| {
                    conflict["field"] == field
                        && (conflict["local"] == lost.as_str() || conflict["remote"] == lost.as_str())
                });
                // The other side has known it, and was edited after that.
                let is_agreed = is_in_history(&world, &found, field, lost, seen).await;
                assert!(is_recorded || is_agreed, "seed {seed}: {lost} is lost: {found:#} {conflicts:#}");
            }
        }
    }
    for _ in 0..3 {
        crate::people_sync::sync(&world).await;
    }
    assert_eq!(stamps(&world).await, before, "seed {seed}: nothing is written any more");
    let made = world.org.rows("Lead").await;
    let made = made
        .iter()
        .filter(|lead| lead["Email"].as_str().is_some_and(|email| email.ends_with("@rest.example")));
    assert_eq!(made.count(), PEOPLE, "seed {seed}: no Lead was made");
}

/// Syncs until both sides say the same. What happened within a second of a read is taken up some seconds later.
async fn come_to_rest(world: &TestSystem, leads: &[String], seed: u64) {
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        crate::people_sync::sync(world).await;
        let mut differing = Vec::new();
        for (number, lead) in leads.iter().enumerate() {
            let (found, kept) = (person(world, &email(number)).await, row(world, lead).await);
            let is_equal = |(field, path): &(&str, &str)| {
                found["fields"][*field].as_str() == Some(kept[*path].as_str().unwrap_or_default())
            };
            if found["sync"]["state"] != "synced" || !FIELDS.iter().all(is_equal) {
                differing.push(found);
            }
        }
        if differing.is_empty() {
            return;
        }
        assert!(tokio::time::Instant::now() < until, "seed {seed}: these differ: {differing:#?}");
    }
}

async fn break_something(world: &TestSystem, random: &mut StdRng) {
    let fault = match random.random_range(0..5) {
        0 => {
            json!({ "kind": "lost_answer", "path": "composite", "times": 1, "after": random.random_range(0..3) })
        }
        1 => {
            json!({ "kind": "status", "status": 503, "path": "composite", "times": 1, "after": random.random_range(0..3) })
        }
        2 => json!({ "kind": "reset", "path": "composite", "times": 2 }),
        3 => {
            json!({ "kind": "row_lock", "probability": 0.5, "seed": random.random_range(0..1_000), "times": 3 })
        }
        _ => return,
    };
    world.org.control("faults", &fault).await;
}

async fn stamps(world: &TestSystem) -> Vec<Value> {
    world.org.rows("Lead").await.iter().map(|lead| lead["SystemModstamp"].clone()).collect()
}

async fn conflicts(world: &TestSystem, person: &Value) -> Value {
    let path = format!("/people-sync/conflicts?limit=200&person={}", person["id"].as_str().unwrap());
    world.server.get(&path).await.1["conflicts"].clone()
}

/// Whether the other side knew a value: the record had it, or the person took it over from the record.
async fn is_in_history(world: &TestSystem, person: &Value, field: &str, value: &str, seen: &Seen) -> bool {
    if seen.last_local.as_deref() == Some(value) {
        return seen.in_org.contains(value);
    }
    let (_, found) = world.server.get(&format!("/people/{}", person["id"].as_str().unwrap())).await;
    found["history"].as_array().unwrap().iter().any(|change| {
        change["field"] == field && change["new_value"] == value && change["origin"] == "salesforce"
    })
}
