//! The fault test: lost responses, outages, limits, locks and kills; each record exists exactly once (Q1).

use crate::harness::{TestSystem, booking, http};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(every_fault_creates_each_record_once);
}

/// A second of the story is two minutes of its clocks, so that a campaign's ten minutes are five seconds.
const SPEED: f64 = 120.0;

pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// `TSUGITE_TEST_SEED` replays a run; `TSUGITE_TEST_BOOKINGS` and `TSUGITE_TEST_KILLS` make it longer.
async fn every_fault_creates_each_record_once(kind: Kind) {
    run(kind, 1, false).await;
}

/// The same in an org with the external ID field: creates are upserts, and reading back is by it.
#[tokio::test]
async fn every_fault_with_external_ids_creates_each_record_once() {
    run(Kind::Sqlite, 2, true).await;
}

async fn run(kind: Kind, shorter: u64, with_external_ids: bool) {
    let clock = storage::Clock::default().now().microseconds();
    let seed = number("TSUGITE_TEST_SEED", u64::try_from(clock).unwrap() % 1_000_000);
    let bookings = number("TSUGITE_TEST_BOOKINGS", 300) / shorter;
    let kills = number("TSUGITE_TEST_KILLS", 6) / shorter;
    println!("{kind:?}: replay with TSUGITE_TEST_SEED={seed} ({bookings} bookings, {kills} kills)");
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = TestSystem::begin_with_timeout(kind, SPEED, 1).await;
    if with_external_ids {
        world.add_external_ids().await;
    }
    let campaign = world.org.campaign().await;
    world
        .settings(json!({
            "todo": { "enabled": true, "lag_minutes": 3 },
            "campaign": { "enabled": true, "campaign_id": campaign },
            "rescue": { "enabled": true, "every_minutes": 10, "for_hours": 24 },
        }))
        .await;
    world
        .page(json!({
            "fields": [{ "key": "title", "label": "役職", "kind": "text" }],
            "salesforce": {
                "create_lead": true, "create_event": true, "map_fields": true,
                "mappings": [{ "field": "title", "salesforce_field": "Title" }],
            },
        }))
        .await;
    let visitors = visitors(&world, bookings).await;
    inject_faults(&world, seed).await;
    let per_kill = (bookings / (kills + 1)).max(1);
    let client = http();
    let mut killed = 0;
    for (number, visitor) in (0_i64..).zip(&visitors) {
        book(&world, &client, number, visitor).await;
        if number % 10 == 9 {
            // Visitors come over time, not all at once.
            tokio::time::sleep(Duration::from_millis(random.random_range(0..300))).await;
        }
        let due = u64::try_from(number).unwrap() + 1 >= (killed + 1) * per_kill;
        if due && killed < kills {
            // Anywhere between two and some hundred steps of the worker.
            tokio::time::sleep(Duration::from_millis(random.random_range(0..1500))).await;
            world.server.kill_and_restart().await;
            killed += 1;
        }
    }
    while killed < kills {
        tokio::time::sleep(Duration::from_millis(random.random_range(0..1500))).await;
        world.server.kill_and_restart().await;
        killed += 1;
    }
    let met = soaked(&world).await;
    println!("{kind:?}: faults met {met:?}");
    let lost = met.get("lost_answer").copied().unwrap_or(0);
    assert!(met.values().sum::<usize>() >= 40 && lost >= 5, "too quiet a run to prove anything: {met:?}");
    world.org.heal().await;
    all_settled(&world, visitors.len()).await;
    let found = Found::read(&world, &campaign).await;
    found.compare(&visitors, seed);
}

/// One booking's visitor and who they are in the org before they book.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Visitor {
    email: String,
    known_as: KnownAs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KnownAs {
    Nobody,
    Lead,
    Contact,
    Both,
}

/// A fifth are known as Lead, Contact or both; every tenth books a second time.
async fn visitors(world: &TestSystem, count: u64) -> Vec<Visitor> {
    let mut visitors: Vec<Visitor> = Vec::new();
    for number in 0..count {
        if number % 10 == 9 {
            let again = visitors[usize::try_from(number - 5).unwrap()].clone();
            visitors.push(again);
            continue;
        }
        let known_as = match number % 15 {
            3 => KnownAs::Lead,
            7 => KnownAs::Contact,
            11 => KnownAs::Both,
            _ => KnownAs::Nobody,
        };
        visitors.push(Visitor { email: format!("visitor.{number}@example.co.jp"), known_as });
    }
    let mut records = Vec::new();
    for visitor in &visitors {
        let lead = json!({ "attributes": { "type": "Lead" }, "LastName": "既存", "Company": "既存商事", "Email": visitor.email });
        let contact =
            json!({ "attributes": { "type": "Contact" }, "LastName": "既存", "Email": visitor.email });
        let known = match visitor.known_as {
            KnownAs::Nobody => vec![],
            KnownAs::Lead => vec![lead],
            KnownAs::Contact => vec![contact],
            KnownAs::Both => vec![lead, contact],
        };
        records.extend(known.into_iter().filter(|record| !records.contains(record)).collect::<Vec<_>>());
    }
    records.sort_by_key(|record| record["attributes"]["type"].as_str().unwrap().to_owned());
    for part in records.chunks(200) {
        let (status, body) = world
            .org
            .rest("POST", "composite/sobjects", &json!({ "allOrNone": true, "records": part }))
            .await;
        assert_eq!(status, 200, "{body}");
        assert!(body.as_array().unwrap().iter().all(|row| row["success"] == true), "{body}");
    }
    visitors
}

/// Everything that can go wrong between the two, by chance, the same chance for the same seed.
pub(crate) async fn inject_faults(world: &TestSystem, seed: u64) {
    let faults = [
        json!({ "kind": "lost_answer", "probability": 0.2 }),
        json!({ "kind": "reset", "probability": 0.08 }),
        json!({ "kind": "status", "status": 500, "body": "json", "probability": 0.06 }),
        json!({ "kind": "status", "status": 503, "body": "html", "probability": 0.06 }),
        json!({ "kind": "status", "status": 500, "body": "json", "after_commit": true, "probability": 0.08 }),
        json!({ "kind": "status", "status": 429, "body": "empty", "probability": 0.03 }),
        json!({ "kind": "slow", "milliseconds": 1500, "probability": 0.05 }),
        json!({ "kind": "session_expired", "probability": 0.1 }),
        json!({ "kind": "row_lock", "probability": 0.12 }),
        json!({ "kind": "daily_limit", "probability": 0.02 }),
    ];
    for (number, mut fault) in (0..).zip(faults) {
        fault["seed"] = json!(seed + number);
        world.org.control("faults", &fault).await;
    }
}

/// Asks until the server, which may be down for a moment, has said yes; the key makes it once.
async fn book(world: &TestSystem, client: &reqwest::Client, number: i64, visitor: &Visitor) {
    let body = booking(number, &visitor.email, json!({ "title": "部長" }));
    let url = format!("{}/api/v1/bookings", world.server.url());
    let until = tokio::time::Instant::now() + crate::harness::TIMEOUT;
    loop {
        let request = client.post(&url).bearer_auth(world.server.key()).json(&body);
        let answer = request.header("Idempotency-Key", format!("booking-{number}")).send().await;
        match answer {
            Ok(answer) if answer.status() == 201 => return,
            Ok(answer) if answer.status().is_client_error() => {
                panic!("{}: {}", answer.status(), answer.text().await.unwrap_or_default());
            }
            _ => assert!(tokio::time::Instant::now() < until, "booking {number} was never accepted"),
        }
    }
}

/// Injects faults until enough has gone wrong, or nothing is left to go wrong.
pub(crate) async fn soaked(world: &TestSystem) -> BTreeMap<String, usize> {
    const ENOUGH: usize = 60;
    let until = tokio::time::Instant::now() + crate::harness::TIMEOUT;
    loop {
        let met = world.org.faults_met().await;
        let enough = met.values().sum::<usize>() >= ENOUGH;
        if enough || tokio::time::Instant::now() > until || unfinished(world).await == 0 {
            return met;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Deliveries that are still to be worked on, as the server's own figures say.
pub(crate) async fn unfinished(world: &TestSystem) -> u64 {
    world.server.deliveries("due").await + world.server.deliveries("held").await
}

/// Waits until nothing is left to do, then looks at every booking: none lost, none given up.
async fn all_settled(world: &TestSystem, bookings: usize) {
    let until = tokio::time::Instant::now() + Duration::from_secs(600);
    while unfinished(world).await > 0 {
        assert!(tokio::time::Instant::now() < until, "deliveries are still waiting");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let all = every_booking(world).await;
    assert_eq!(all.len(), bookings, "bookings were lost or doubled");
    for one in &all {
        let (_, full) = world.server.get(&format!("/bookings/{}", one["id"].as_str().unwrap())).await;
        let deliveries = full["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), 3, "{full:#}");
        assert!(deliveries.iter().all(|delivery| delivery["state"] == "done"), "{full:#}");
    }
}

async fn every_booking(world: &TestSystem) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, body) = world.server.get(&format!("/bookings?limit=200{cursor}")).await;
        assert_eq!(status, 200, "{body}");
        all.extend(body["bookings"].as_array().unwrap().iter().cloned());
        match body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// What the org holds in the end, by e-mail.
struct Found {
    leads: BTreeMap<String, usize>,
    events: BTreeMap<String, usize>,
    tasks: BTreeMap<String, usize>,
    members: BTreeMap<String, usize>,
}

impl Found {
    async fn read(world: &TestSystem, campaign: &str) -> Self {
        let mut email_of = BTreeMap::new();
        let mut leads = BTreeMap::new();
        for object in ["Lead", "Contact"] {
            for row in world.org.rows(object).await {
                let email = row["Email"].as_str().unwrap_or_default().to_owned();
                email_of.insert(row["Id"].as_str().unwrap().to_owned(), email.clone());
                if object == "Lead" {
                    *leads.entry(email).or_default() += 1;
                }
            }
        }
        let count = |rows: Vec<Value>, who: &[&str]| {
            let mut counted: BTreeMap<String, usize> = BTreeMap::new();
            for row in rows {
                let id = who.iter().find_map(|field| row[*field].as_str()).unwrap_or_default();
                *counted.entry(email_of.get(id).cloned().unwrap_or_default()).or_default() += 1;
            }
            counted
        };
        let members = world.org.rows_where("CampaignMember", "CampaignId", campaign).await;
        Self {
            leads,
            events: count(world.org.rows("Event").await, &["WhoId"]),
            tasks: count(world.org.rows("Task").await, &["WhoId"]),
            members: count(members, &["LeadId", "ContactId"]),
        }
    }

    /// Per e-mail with n bookings: one Lead where one belongs, an Event for each booking that met someone
    /// (the first booking of a stranger made the Lead instead), n Tasks, one membership.
    fn compare(&self, visitors: &[Visitor], seed: u64) {
        let mut by_email: BTreeMap<&str, (KnownAs, usize)> = BTreeMap::new();
        for visitor in visitors {
            by_email.entry(&visitor.email).or_insert((visitor.known_as, 0)).1 += 1;
        }
        let mut wrong = Vec::new();
        for (email, (known_as, bookings)) in by_email {
            let stranger = known_as == KnownAs::Nobody;
            let expected = [
                ("Lead", &self.leads, usize::from(known_as != KnownAs::Contact)),
                ("Event", &self.events, if stranger { bookings - 1 } else { bookings }),
                ("Task", &self.tasks, bookings),
                ("CampaignMember", &self.members, 1),
            ];
            for (object, found, expected) in expected {
                let found = found.get(email).copied().unwrap_or(0);
                if found != expected {
                    wrong.push(format!(
                        "{email} ({known_as:?}): {object} {found} times instead of {expected}"
                    ));
                }
            }
        }
        for (object, found) in [("Event", &self.events), ("Task", &self.tasks)] {
            if let Some(count) = found.get("") {
                wrong.push(format!("{object}: {count} without a person"));
            }
        }
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
    }
}
