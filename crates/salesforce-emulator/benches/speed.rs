//! How fast the emulator is with many rows, in one run: `cargo bench -p salesforce-emulator`.
//!
//! The org runs in a process of its own, kept on one core where `taskset` is there; the client is on the others.
//! `BENCH_ROWS` says how many rows (a million).

#![expect(clippy::unwrap_used, reason = "a measurement that fails has to fail loudly")]

use std::io::{BufRead as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use salesforce_emulator::{Emulator, Options, Seed};
use serde_json::{Value, json};
use tokio::time::Instant;

const SERVE: &str = "serve-rows";
const FIELDS: &str =
    "Id, FirstName, LastName, Name, Email, Phone, Company, Status, CreatedDate, SystemModstamp";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rows: u64 = std::env::var("BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    if std::env::args().any(|argument| argument == SERVE) {
        return serve(rows).await;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let org = Org::start(rows).await;
    line(&format!("{rows} rows ready"), &format!("{:.1} s", org.ready.as_secs_f64()));
    line("  resident memory", &format!("{} MB", org.resident_megabytes()));
    for (what, condition) in [
        ("by Id", format!("Id = '{}'", org.first_id().await)),
        ("by Email", format!("Email = 'lead{}@company{}.example'", rows / 2, rows / 2)),
        (
            "by Email, three at once",
            "Email IN ('lead7@company7.example', 'contact9@company9.example', 'x')".to_owned(),
        ),
        ("by SystemModstamp, newest", "SystemModstamp > 2030-01-01T00:00:00Z".to_owned()),
        (
            "by SystemModstamp, first page",
            "SystemModstamp >= 2000-01-01T00:00:00Z ORDER BY SystemModstamp, Id LIMIT 200".to_owned(),
        ),
        ("by external id", "Reference__c = 'nobody'".to_owned()),
    ] {
        let time = org.median(&format!("SELECT Id FROM Lead WHERE {condition}")).await;
        line(&format!("query {what}"), &format!("{:.2} ms", time.as_secs_f64() * 1000.0));
    }
    let (read, time) = org.page_through(rows.min(300_000)).await;
    line("REST pages, ten fields", &rate(read, time));
    if let Some((read, time)) = org.bulk(rows).await {
        line("Bulk query results, ten fields", &rate(read, time));
    }
    let (made, time) = org.create(20_000).await;
    line("collection creates", &rate(made, time));
}

fn line(what: &str, figure: &str) {
    writeln!(std::io::stdout().lock(), "{what:<34} {figure}").unwrap();
}

fn rate(rows: u64, time: Duration) -> String {
    format!("{:.0} rows/s ({rows} in {:.2} s)", rows as f64 / time.as_secs_f64(), time.as_secs_f64())
}

async fn serve(rows: u64) {
    let org = Emulator::start(Options { seed: Seed::Rows(rows), ..Options::default() }).await.unwrap();
    writeln!(std::io::stdout().lock(), "ready {}", org.base_url()).unwrap();
    tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().for_each(drop)).await.unwrap();
}

struct Org {
    process: Child,
    base: String,
    token: String,
    http: Client,
    ready: Duration,
}

impl Drop for Org {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Org {
    async fn start(rows: u64) -> Self {
        let program = std::env::current_exe().unwrap();
        let pinned =
            Command::new("taskset").arg("--version").output().is_ok_and(|told| told.status.success());
        let mut command = if pinned { Command::new("taskset") } else { Command::new(&program) };
        if pinned {
            command.args(["-c", "0"]).arg(&program);
        }
        let begun = Instant::now();
        command.arg(SERVE).env("BENCH_ROWS", rows.to_string());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = String::new();
        std::io::BufReader::new(process.stdout.take().unwrap()).read_line(&mut told).unwrap();
        let ready = begun.elapsed();
        let base = told.trim().strip_prefix("ready ").unwrap().to_owned();
        let http = Client::builder().no_gzip().build().unwrap();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "tsugite-emulator-key"),
            ("client_secret", "tsugite-emulator-secret"),
        ];
        let answer = http.post(format!("{base}/services/oauth2/token")).form(&form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        let org = Org { process, base, token, http, ready };
        let field = json!({"fields": [{"object": "Lead", "name": "Reference__c", "type": "string", "length": 40, "external_id": true}]});
        let told = org.http.post(format!("{}/emulator/schema", org.base)).json(&field).send().await.unwrap();
        assert!(told.status().is_success());
        org
    }

    fn resident_megabytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    async fn get(&self, path: &str) -> bytes::Bytes {
        let answer =
            self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await.unwrap();
        let status = answer.status();
        let body = answer.bytes().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&body));
        body
    }

    async fn query(&self, soql: &str) -> bytes::Bytes {
        let text: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
        self.get(&format!("/services/data/v66.0/query?q={text}")).await
    }

    async fn first_id(&self) -> String {
        let told: Value = serde_json::from_slice(&self.query("SELECT Id FROM Lead LIMIT 1").await).unwrap();
        told["records"][0]["Id"].as_str().unwrap().to_owned()
    }

    async fn median(&self, soql: &str) -> Duration {
        let mut times = Vec::new();
        for _ in 0..21 {
            let begun = Instant::now();
            self.query(soql).await;
            times.push(begun.elapsed());
        }
        times.sort();
        times[times.len() / 2]
    }

    /// Follows `nextRecordsUrl` until enough rows have come.
    async fn page_through(&self, enough: u64) -> (u64, Duration) {
        let begun = Instant::now();
        let mut page = self.query(&format!("SELECT {FIELDS} FROM Lead")).await;
        let mut read = 0;
        loop {
            read += 2000;
            let start = String::from_utf8_lossy(&page[..page.len().min(300)]).into_owned();
            let next = start.split_once("\"nextRecordsUrl\":\"").and_then(|(_, rest)| rest.split_once('"'));
            match next {
                Some((next, _)) if read < enough => page = self.get(next).await,
                _ => return (read, begun.elapsed()),
            }
        }
    }

    /// Runs a Bulk query and times the fetching of its results.
    async fn bulk(&self, rows: u64) -> Option<(u64, Duration)> {
        let jobs = format!("{}/services/data/v66.0/jobs/query", self.base);
        let body = json!({"operation": "query", "query": format!("SELECT {FIELDS} FROM Lead")});
        let made = self.http.post(&jobs).bearer_auth(&self.token).json(&body).send().await.unwrap();
        if !made.status().is_success() {
            return None;
        }
        let job: Value = made.json().await.unwrap();
        let path = format!("/services/data/v66.0/jobs/query/{}", job["id"].as_str().unwrap());
        let begun = Instant::now();
        loop {
            let info: Value = serde_json::from_slice(&self.get(&path).await).unwrap();
            if info["state"] == "JobComplete" {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{info}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let begun = Instant::now();
        let (mut read, mut locator) = (0, String::new());
        loop {
            let url = format!("{}{path}/results?maxRecords=250000{locator}", self.base);
            let answer = self.http.get(url).bearer_auth(&self.token).send().await.unwrap();
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            let (next, number) = (header("sforce-locator"), header("sforce-numberofrecords"));
            answer.bytes().await.unwrap();
            read += number.parse::<u64>().unwrap();
            if next == "null" {
                assert_eq!(read, rows);
                return Some((read, begun.elapsed()));
            }
            locator = format!("&locator={next}");
        }
    }

    async fn create(&self, number: u64) -> (u64, Duration) {
        let lead = |n: u64| {
            json!({"attributes": {"type": "Lead"}, "LastName": "速い", "FirstName": "試験", "Company": "継手",
                   "Email": format!("bench{n}@speed.example"), "Phone": "03-1234-5678"})
        };
        let begun = Instant::now();
        for start in (0..number).step_by(200) {
            let records: Vec<Value> = (start..start + 200).map(lead).collect();
            let url = format!("{}/services/data/v66.0/composite/sobjects", self.base);
            let body = json!({"allOrNone": false, "records": records});
            let answer = self.http.post(url).bearer_auth(&self.token).json(&body).send().await.unwrap();
            let told: Value = answer.json().await.unwrap();
            assert!(told.as_array().unwrap().iter().all(|result| result["success"] == true), "{told}");
        }
        (number, begun.elapsed())
    }
}
