//! What `make bench` measures, on this machine, in one run: calls, acceptance, delivery time, start-up, memory.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement that fails has to fail loudly"
)]

#[path = "../tests/it/harness.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod harness;

use harness::{TestSystem, booking, http};
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::Duration;
use storage::testing::Kind;
use tokio::time::Instant;

const ACCEPTED: usize = 2_000;
const CLIENTS: usize = 16;
const STARTS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut table = Table::default();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        runtime.block_on(start_up_and_memory(kind, &mut table));
        runtime.block_on(acceptance(kind, &mut table));
        runtime.block_on(delivery_time(kind, &mut table));
    }
    runtime.block_on(calls(&mut table));
    table.print();
}

#[derive(Default)]
struct Table(Vec<(String, String)>);

impl Table {
    fn add(&mut self, what: String, figure: String) {
        self.0.push((what, figure));
    }

    fn print(&self) {
        let width = self.0.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
        let mut out = std::io::stdout().lock();
        for (what, figure) in &self.0 {
            let pad = " ".repeat(width - what.chars().count());
            writeln!(out, "{what}{pad}  {figure}").expect("standard output");
        }
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    }
}

/// What the server's process holds of memory.
fn resident_megabytes(world: &TestSystem) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", world.server.process()))
        .expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its resident set");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") / 1024
}

async fn start_up_and_memory(kind: Kind, table: &mut Table) {
    let mut world = TestSystem::begin(kind, 1.0).await;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        world.server.kill_and_restart().await;
        times.push(begun.elapsed());
    }
    times.sort();
    let median = times[STARTS / 2];
    table.add(
        format!("start-up until ready, {}", name(kind)),
        format!("{} ms (median of {STARTS})", median.as_millis()),
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    table.add(format!("memory idle, {}", name(kind)), format!("{} MB resident", resident_megabytes(&world)));
}

async fn acceptance(kind: Kind, table: &mut Table) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 10 } })).await;
    let client = http();
    let next = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
    let begun = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (client, next) = (client.clone(), next.clone());
        let (url, key) = (format!("{}/api/v1/bookings", world.server.url()), world.server.key().to_owned());
        clients.spawn(async move {
            loop {
                let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if number >= ACCEPTED as i64 {
                    return;
                }
                let body = booking(number, &format!("bench.{number}@example.co.jp"), json!({}));
                let answer = client.post(&url).bearer_auth(&key).json(&body).send().await.expect("an answer");
                assert_eq!(answer.status(), 201);
            }
        });
    }
    while clients.join_next().await.is_some() {}
    let rate = ACCEPTED as f64 / begun.elapsed().as_secs_f64();
    let figure = format!("{rate:.0} a second ({ACCEPTED} durable, {CLIENTS} clients, one node)");
    table.add(format!("bookings accepted, {}", name(kind)), figure);
    let memory = resident_megabytes(&world);
    table.add(format!("memory under that load, {}", name(kind)), format!("{memory} MB resident"));
}

fn microseconds(value: &Value) -> i64 {
    value.as_str().and_then(domain::value::Timestamp::parse).expect("a time").microseconds()
}

/// When a booking's last record was written, by the server's own timeline.
fn written_at(booking: &Value) -> i64 {
    let lines = booking["timeline"].as_array().expect("a timeline").iter();
    lines
        .filter(|line| line["code"] == "record-created")
        .map(|line| microseconds(&line["at"]))
        .max()
        .expect("a record")
}

async fn delivery_time(kind: Kind, table: &mut Table) {
    let world = TestSystem::begin(kind, 1.0).await;
    let todo = json!({ "todo": { "enabled": true, "lag_minutes": 0 } });
    world.settings(todo.clone()).await;
    let mut times = Vec::new();
    for number in 0..21 {
        let made = world.book(number, &format!("one.{number}@example.co.jp"), json!({})).await;
        let settled = world.settled(&made).await;
        times.push(written_at(&settled) - microseconds(&made["deliveries"][0]["due_at"]));
    }
    times.sort_unstable();
    let figure = format!("{} ms (median of 21)", times[10] / 1_000);
    table.add(format!("from due to written, 1 delivery, {}", name(kind)), figure);

    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    world.settings(todo).await;
    let mut bookings = Vec::new();
    for number in 100..300 {
        bookings.push(world.book(number, &format!("many.{number}@example.co.jp"), json!({})).await);
    }
    world.server.connect(&world.org).await;
    let mut last = 0;
    for booking in &bookings {
        last = last.max(written_at(&world.settled(booking).await));
    }
    let (_, connection) = world.server.get("/salesforce/connection").await;
    let figure = format!("{} ms for all of them", (last - microseconds(&connection["connected_at"])) / 1_000);
    table.add(format!("from due to written, 200 deliveries, {}", name(kind)), figure);
}

async fn calls(table: &mut Table) {
    let world = TestSystem::begin(Kind::Sqlite, 600.0).await;
    let campaign = world.org.campaign().await;
    let off = json!({ "todo": { "enabled": false } });
    let paths = [
        ("ToDo", json!({ "todo": { "enabled": true, "lag_minutes": 0 } }), json!({})),
        ("campaign", json!({ "campaign": { "enabled": true, "campaign_id": campaign } }), json!({})),
        ("Lead and Event", off, json!({ "create_lead": true, "create_event": true })),
        (
            "all three, each at its own time",
            json!({ "todo": { "enabled": true, "lag_minutes": 3 }, "campaign": { "enabled": true, "campaign_id": campaign } }),
            json!({ "create_lead": true, "create_event": true }),
        ),
    ];
    for (slot, (what, settings, salesforce)) in (0..).zip(paths) {
        world.settings(settings).await;
        world.page(json!({ "salesforce": salesforce })).await;
        world.org.count_calls().await;
        let made = world.book(slot, &format!("calls.{slot}@example.co.jp"), json!({})).await;
        let _ = world.settled(&made).await;
        table.add(format!("API calls for one booking: {what}"), world.org.calls().await.to_string());
    }
    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    world.page(json!({ "salesforce": { "create_lead": true, "create_event": true } })).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 0 } })).await;
    let mut bookings = Vec::new();
    for number in 100..300 {
        bookings.push(world.book(number, &format!("calls.{number}@example.co.jp"), json!({})).await);
    }
    world.org.count_calls().await;
    world.server.connect(&world.org).await;
    for booking in &bookings {
        let _ = world.settled(booking).await;
    }
    let calls = world.org.calls().await - 3;
    table.add("API calls for 200 bookings due together: Lead, Event, ToDo".to_owned(), calls.to_string());
}
