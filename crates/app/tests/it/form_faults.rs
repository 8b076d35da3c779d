//! Submissions under lost responses, outages, limits and kills: each record exists exactly once (F4, Q1).

use crate::faults::{inject_faults, number, soaked, unfinished};
use crate::harness::{TestSystem, http};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(every_fault_delivers_each_submission_once);
}

const SPEED: f64 = 120.0;

/// Leads with a campaign, found by a mark; requests, which have no field for one; visits, which are updated by a key.
const FORMS: [&str; 3] = ["lead", "request", "visit"];

fn objects() -> Value {
    let text = |name: &str| json!({ "name": name, "label": name, "type": "string", "length": 255 });
    json!({ "objects": [
        { "name": "Request__c", "label": "依頼", "fields": [text("Sender__c"), text("Topic__c")] },
        { "name": "Visit__c", "label": "来訪", "fields": [text("Sender__c"), text("Topic__c")] },
    ] })
}

fn form(slug: &str, campaign: &str) -> Value {
    let mapping = |field: &str, target: &str| json!({ "field": field, "salesforce_field": target });
    let salesforce = match slug {
        "lead" => json!({
            "object": "Lead", "existing": "update", "campaign": { "id": campaign },
            "mappings": [
                mapping("email", "Email"), mapping("name", "LastName"), mapping("company", "Company"),
                mapping("topic", "Title"),
            ],
        }),
        "request" => json!({
            "object": "Request__c", "existing": "create",
            "mappings": [mapping("email", "Sender__c"), mapping("topic", "Topic__c")],
        }),
        _ => json!({
            "object": "Visit__c", "existing": "update", "match_by": "Sender__c",
            "mappings": [mapping("email", "Sender__c"), mapping("topic", "Topic__c")],
        }),
    };
    json!({
        "slug": slug, "title": slug, "active": true, "salesforce": salesforce,
        "fields": [
            { "key": "email", "label": "メール", "kind": "email", "required": true },
            { "key": "name", "label": "お名前", "kind": "text", "required": true },
            { "key": "company", "label": "会社名", "kind": "company", "required": true },
            { "key": "topic", "label": "内容", "kind": "text" },
        ],
    })
}

/// Every third visitor sends a form twice: with another wish where it is updated, with the very same one where each is
/// a record of its own.
fn email_of(submission: u64) -> String {
    let visitor = if submission % 9 >= 6 { submission - 3 } else { submission };
    format!("sender.{visitor}@faults.example")
}

/// `TSUGITE_TEST_SEED` replays a run; `TSUGITE_TEST_SUBMISSIONS` and `TSUGITE_TEST_KILLS` make it longer.
async fn every_fault_delivers_each_submission_once(kind: Kind) {
    let clock = storage::Clock::default().now().microseconds();
    let seed = number("TSUGITE_TEST_SEED", u64::try_from(clock).unwrap() % 1_000_000);
    let count = number("TSUGITE_TEST_SUBMISSIONS", 270);
    let kills = number("TSUGITE_TEST_KILLS", 3);
    println!("{kind:?}: replay with TSUGITE_TEST_SEED={seed} ({count} submissions, {kills} kills)");
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = TestSystem::begin_with_timeout(kind, SPEED, 1).await;
    world.org.control("schema", &objects()).await;
    let campaign = world.org.campaign().await;
    for slug in FORMS {
        let (status, body) = world.server.post("/forms", &form(slug, &campaign)).await;
        assert_eq!(status, 201, "{body:#}");
    }
    inject_faults(&world, seed).await;
    let client = http();
    let mut killed = 0;
    for number in 0..count {
        submit(&world, &client, number).await;
        if number % 10 == 9 {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..300))).await;
        }
        if killed < kills && number + 1 >= (killed + 1) * (count / (kills + 1)) {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..1_500))).await;
            world.server.kill_and_restart().await;
            killed += 1;
        }
    }
    let met = soaked(&world).await;
    println!("{kind:?}: faults met {met:?}");
    assert!(met.values().sum::<usize>() >= 20, "too quiet a run to prove anything: {met:?}");
    world.org.heal().await;
    let until = tokio::time::Instant::now() + Duration::from_secs(600);
    while unfinished(&world).await > 0 {
        assert!(tokio::time::Instant::now() < until, "deliveries are still waiting");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(world.server.deliveries("failed").await, 0, "seed {seed}");
    compare(&world, &campaign, count, seed).await;
}

/// Asks until the server, which may be down for a moment, has said yes; the key makes it once.
async fn submit(world: &TestSystem, client: &reqwest::Client, number: u64) {
    let slug = FORMS[usize::try_from(number % 3).unwrap()];
    let topic = if slug == "request" { "同じ依頼".to_owned() } else { format!("{number}番目") };
    let answers = json!({ "email": email_of(number), "name": "見本", "company": "見本商事", "topic": topic });
    let url = format!("{}/api/v1/forms/{slug}/submissions", world.server.url());
    let until = tokio::time::Instant::now() + crate::harness::TIMEOUT;
    loop {
        let request = client.post(&url).bearer_auth(world.server.key()).json(&json!({ "answers": answers }));
        match request.header("Idempotency-Key", format!("submission-{number}")).send().await {
            Ok(answer) if answer.status() == 201 => return,
            Ok(answer) if answer.status().is_client_error() => {
                panic!("{}: {}", answer.status(), answer.text().await.unwrap_or_default());
            }
            _ => assert!(tokio::time::Instant::now() < until, "submission {number} was never accepted"),
        }
    }
}

async fn compare(world: &TestSystem, campaign: &str, count: u64, seed: u64) {
    let mut sent: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for number in 0..count {
        let slug = FORMS[usize::try_from(number % 3).unwrap()];
        *sent.entry((slug, email_of(number))).or_default() += 1;
    }
    let leads = world.org.rows("Lead").await;
    let members = world.org.rows_where("CampaignMember", "CampaignId", campaign).await;
    let (requests, visits) = (world.org.rows("Request__c").await, world.org.rows("Visit__c").await);
    let with =
        |rows: &[Value], field: &str, value: &str| rows.iter().filter(|row| row[field] == value).count();
    let mut wrong = Vec::new();
    for ((slug, email), times) in &sent {
        let (found, expected) = match *slug {
            "lead" => (with(&leads, "Email", email), 1),
            "request" => (with(&requests, "Sender__c", email), *times),
            _ => (with(&visits, "Sender__c", email), 1),
        };
        if found != expected {
            wrong.push(format!("{slug} {email}: {found} records instead of {expected}"));
        }
        if *slug == "lead" {
            let lead = leads.iter().find(|lead| lead["Email"] == email.as_str());
            let found = with(&members, "LeadId", lead.map_or("", |lead| lead["Id"].as_str().unwrap()));
            if found != 1 {
                wrong.push(format!("{email}: {found} memberships"));
            }
        }
    }
    assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
    assert_eq!(requests.len(), usize::try_from(count / 3).unwrap(), "requests without a sender");
}
