//! Memory and time under attack, on this machine: passwords, large forms, half requests, the widest page (Q6).

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a measurement that fails has to fail loudly")]

#[path = "../tests/it/harness.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod harness;

use harness::{TestSystem, http, page};
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::Duration;
use storage::testing::Kind;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

const PASSWORDS: usize = 100;
const LARGE_FORMS: usize = 60;
const HALF_REQUESTS: usize = 1_100;
const PAGE_VIEWS: usize = 21;
/// Submissions of one address: as many a minute as the contract of the front door names.
const FLOOD: usize = 10_000;
const VISITORS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        passwords().await;
        large_forms().await;
        half_requests().await;
        widest_page().await;
        flood_of_submissions().await;
    });
}

fn print(what: &str, figure: &str) {
    writeln!(std::io::stdout().lock(), "{what:<58}  {figure}").expect("standard output");
}

/// The most memory that the server's process has held, in megabytes.
fn peak_megabytes(world: &TestSystem) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", world.server.process()))
        .expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") / 1024
}

async fn behind_a_proxy() -> TestSystem {
    let settings = [("TSUGITE_TRUSTED_PROXIES", "127.0.0.1".to_owned())];
    let world = TestSystem::begin_with_settings(Kind::Sqlite, 1.0, 20, &settings).await;
    world.server.add_account("owner@attack.example", "owner").await;
    world
}

/// Posts a form from many addresses at once, and how many got which answer.
async fn post_at_once(world: &TestSystem, path: &str, count: usize, body: &str) -> String {
    let client = http();
    let mut posts = JoinSet::new();
    for number in 0..count {
        let request = client
            .post(format!("{}{path}", world.server.url()))
            .header("x-forwarded-for", format!("203.0.{}.{}", number / 250, number % 250 + 1))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned());
        posts.spawn(async move { request.send().await.map_or(0, |answer| answer.status().as_u16()) });
    }
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    while let Some(status) = posts.join_next().await {
        *statuses.entry(status.unwrap()).or_default() += 1;
    }
    statuses.iter().map(|(status, count)| format!("{count} x {status}")).collect::<Vec<_>>().join(", ")
}

async fn passwords() {
    let world = behind_a_proxy().await;
    let before = peak_megabytes(&world);
    let begun = Instant::now();
    let told =
        post_at_once(&world, "/sign-in", PASSWORDS, "email=owner%40attack.example&password=wrong").await;
    let peak = peak_megabytes(&world);
    let seconds = begun.elapsed().as_secs_f64();
    print(
        &format!("{PASSWORDS} wrong passwords at once"),
        &format!("{peak} MB at most ({before} before), {told}, all answered in {seconds:.1} s"),
    );
}

async fn large_forms() {
    let world = behind_a_proxy().await;
    let before = peak_megabytes(&world);
    let body = format!("answers.details={}", "%E3%81%82".repeat(1024 * 1024 / 9 - 10));
    let start = harness::start(3);
    let told = post_at_once(&world, &format!("/b/sales/demo/{start}"), LARGE_FORMS, &body).await;
    let peak = peak_megabytes(&world);
    print(
        &format!("{LARGE_FORMS} forms of 1 MB at once"),
        &format!("{peak} MB at most ({before} before), {told}"),
    );
}

async fn half_requests() {
    let world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    let address = world.server.url().strip_prefix("http://").unwrap().to_owned();
    let mut held = Vec::new();
    for _ in 0..HALF_REQUESTS {
        let Ok(Ok(mut stream)) =
            tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(&address)).await
        else {
            break;
        };
        let _ = stream.write_all(b"GET /b/sales/demo HTTP/1.1\r\nHost: x\r\nX-Half: ").await;
        held.push(stream);
    }
    let begun = Instant::now();
    let answer = http().get(format!("{}/healthz", world.server.url())).send().await;
    let seconds = begun.elapsed().as_secs_f64();
    let status = answer.map_or(0, |answer| answer.status().as_u16());
    print(
        &format!("{} half-sent requests held open", held.len()),
        &format!("the next visitor is answered {status} after {seconds:.1} s"),
    );
}

async fn widest_page() {
    let world = TestSystem::begin(Kind::Sqlite, 1.0).await;
    let spans = |day: i64| {
        (0..10).map(
            move |span| json!({ "weekday": day, "from": span * 144 / 5 * 5, "to": (span + 1) * 144 / 5 * 5 }),
        )
    };
    let hours: Vec<Value> = (1..=7).flat_map(spans).collect();
    let widest = page("widest", json!({ "hours": hours, "slot_minutes": 5, "window_days": 365 }));
    let (status, body) = world.server.post("/pages", &widest).await;
    assert_eq!(status, 201, "{body}");
    let client = http();
    let mut times = Vec::new();
    for _ in 0..PAGE_VIEWS {
        let begun = Instant::now();
        let answer = client.get(format!("{}/b/sales/widest", world.server.url())).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let length = answer.bytes().await.unwrap().len();
        times.push((begun.elapsed(), length));
    }
    times.sort();
    let (median, bytes) = times[PAGE_VIEWS / 2];
    print(
        "a view of a page with the most hours, each five minutes",
        &format!("{} ms (median of {PAGE_VIEWS}, {} kB)", median.as_millis(), bytes / 1024),
    );
}

async fn flood_of_submissions() {
    let world = behind_a_proxy().await;
    let form = json!({
        "slug": "contact", "title": "お問い合わせ", "active": true,
        "fields": [
            { "key": "email", "label": "メール", "kind": "email", "required": true },
            { "key": "name", "label": "お名前", "kind": "name", "required": true },
            { "key": "company", "label": "会社名", "kind": "company", "required": true },
        ],
        "salesforce": { "object": "Lead", "existing": "update", "mappings": [
            { "field": "email", "salesforce_field": "Email" }, { "field": "name.family", "salesforce_field": "LastName" },
            { "field": "company", "salesforce_field": "Company" },
        ] },
    });
    let (status, body) = world.server.post("/forms", &form).await;
    assert_eq!(status, 201, "{body}");
    let quiet = visitors_send(&world, "quiet").await;
    print("own form: a visitor's submission, p50 / p95", &format!("{:.0} / {:.0} ms", quiet.0, quiet.1));
    let url = format!("{}/f/contact", world.server.url());
    let flood = tokio::spawn(async move {
        let client = http();
        let mut posts = JoinSet::new();
        let begun = Instant::now();
        for number in 0..FLOOD {
            while posts.len() >= 50 {
                posts.join_next().await;
            }
            let body = format!(
                "answers.email=bot{number}%40flood.example&answers.name.family=x&answers.name.given=y&answers.company=z"
            );
            let request = client.post(&url).header("x-forwarded-for", "203.0.113.200");
            let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
            posts.spawn(async move { drop(request.send().await) });
        }
        posts.join_all().await;
        begun.elapsed().as_secs_f64()
    });
    let beside = visitors_send(&world, "beside").await;
    let seconds = flood.await.expect("the flood ends");
    print(
        &format!("{FLOOD} submissions of one address in {seconds:.0} s; beside them"),
        &format!("{:.0} / {:.0} ms", beside.0, beside.1),
    );
}

/// Submissions of visitors with an address each: half of them and nearly all of them took at most so many milliseconds.
async fn visitors_send(world: &TestSystem, name: &str) -> (f64, f64) {
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let mut taken = Vec::new();
    for number in 0..VISITORS {
        let from = format!("198.51.100.{}", number + 1);
        let url = format!("{}/f/contact", world.server.url());
        let page = client.get(&url).header("x-forwarded-for", &from).send().await.expect("the form");
        let page = page.text().await.expect("its text");
        let token = page.split("name=\"token\" value=\"").nth(1).expect("a token").split('"').next().unwrap();
        let body = format!(
            "token={token}&answers.email={name}{number}%40visitor{number}.example&answers.name.family=x&answers.name.given=y&answers.company=z"
        );
        let request = client.post(&url).header("x-forwarded-for", &from).body(body);
        let begun = Instant::now();
        let answer = request
            .header("content-type", "application/x-www-form-urlencoded")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 303, "a visitor's submission is taken");
        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    taken.sort_by(f64::total_cmp);
    (taken[VISITORS / 2], taken[VISITORS * 95 / 100])
}
