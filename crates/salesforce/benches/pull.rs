//! How fast rows are read and typed, and in how much memory: `cargo bench -p salesforce --bench pull`.
//!
//! The org runs in a process of its own, kept on one core where `taskset` is there. So does each reader, so that its
//! peak memory is its own. `BENCH_ROWS` says how many rows (a million).

#![expect(clippy::unwrap_used, reason = "a measurement that fails has to fail loudly")]

use std::io::{BufRead as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use salesforce::auth::ConnectedApp;
use salesforce::bulk_query::{BulkRows, QueryJob, QueryOperation};
use salesforce::cells::{Cell, CellError, Columns};
use salesforce::{AllowedHosts, ApiVersion, Client, Described, QueryOptions, http_client};
use salesforce_emulator::{Emulator, Options, Seed};
use tokio::time::Instant;
use url::Url;

const FIELDS: [&str; 10] = [
    "Id",
    "FirstName",
    "LastName",
    "Name",
    "Email",
    "Phone",
    "Company",
    "Status",
    "CreatedDate",
    "SystemModstamp",
];
/// Rows that are few enough to show what a reader needs for none.
const FEW: u64 = 10_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", rows] => serve(rows.parse().unwrap()).await,
        ["read", what, rows, base] => read(what, rows.parse().unwrap(), base).await,
        _ => compare().await,
    }
}

/// Measures one after the other and prints a table.
async fn compare() {
    let rows: u64 = std::env::var("BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let org = Org::start(rows);
    let few = FEW.min(rows);
    line(&format!("{rows} leads, ten fields"), "rows/s", "peak memory");
    for (name, what, rows) in [
        ("Bulk, bytes", "bulk-bytes", rows),
        ("Bulk, typed", "bulk", rows),
        ("Bulk, typed, uncompressed", "bulk-plain", rows),
        ("Bulk, typed", "bulk", few),
        ("REST, typed", "rest", rows.min(200_000)),
        ("REST, typed", "rest", few),
    ] {
        let told = org.run(&["read", what, &rows.to_string(), &org.base]);
        let (seconds, kilobytes) = told.split_once(' ').unwrap();
        let speed = rows as f64 / seconds.parse::<f64>().unwrap();
        let memory = kilobytes.parse::<f64>().unwrap() / 1024.0;
        line(&format!("{name}, {rows} rows"), &format!("{speed:.0}"), &format!("{memory:.1} MB"));
    }
}

fn line(what: &str, speed: &str, memory: &str) {
    writeln!(std::io::stdout().lock(), "{what:<44} {speed:>9} {memory:>13}").unwrap();
}

async fn serve(rows: u64) {
    let org = Emulator::start(Options { seed: Seed::Rows(rows), ..Options::default() }).await.unwrap();
    writeln!(std::io::stdout().lock(), "ready {}", org.base_url()).unwrap();
    tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().for_each(drop)).await.unwrap();
}

/// Reads so many rows; prints the seconds and the kilobytes it took.
async fn read(what: &str, rows: u64, base: &str) {
    let client = sign_in(base, what != "bulk-plain").await;
    let columns = columns(&client).await;
    let soql = format!("SELECT {} FROM Lead LIMIT {rows}", FIELDS.join(", "));
    let job = if what == "rest" { None } else { Some(job(&client, &soql).await) };
    let begun = Instant::now();
    let read = match (&job, what) {
        (None, _) => rest(&client, &soql, &columns).await,
        (Some(job), "bulk-bytes") => bytes(&client, job).await,
        (Some(job), _) => bulk(client.query_job_rows(job, columns).unwrap()).await,
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(read, rows);
    writeln!(std::io::stdout().lock(), "{seconds} {}", peak_kilobytes()).unwrap();
}

async fn job(client: &Client, soql: &str) -> QueryJob {
    let made = client.create_query_job(soql, QueryOperation::Query).await.unwrap();
    client.wait_for_query_job(&made.value.id).await.unwrap().value
}

async fn columns(client: &Client) -> Columns {
    match client.describe("Lead", None).await.unwrap().value {
        Described::Fresh { describe, .. } => Columns::default().with_fields(&describe, &FIELDS).unwrap(),
        Described::NotModified => unreachable!("nothing was known before"),
    }
}

async fn bytes(client: &Client, job: &QueryJob) -> u64 {
    let (mut read, mut locator) = (0, None);
    loop {
        let mut page = client.query_job_results(&job.id, locator.as_deref(), None).await.unwrap();
        while page.chunk().await.unwrap().is_some() {}
        read += page.number_of_records;
        locator = page.locator;
        if locator.is_none() {
            return read;
        }
    }
}

async fn bulk(mut rows: BulkRows) -> u64 {
    while rows.advance().await.unwrap() {
        take(rows.cells());
    }
    rows.position().rows_read()
}

async fn rest(client: &Client, soql: &str, columns: &Columns) -> u64 {
    let mut pages = client.query_pages(soql, QueryOptions::default());
    while let Some(page) = pages.next().await.unwrap() {
        for record in &page.value.records {
            take(columns.read_record(record));
        }
    }
    pages.rows_read()
}

/// Looks at every cell, as whoever stores it has to.
fn take<'a>(cells: impl Iterator<Item = Result<Cell<'a>, CellError>>) {
    let mut seen = 0;
    for cell in cells {
        let cell = std::hint::black_box(cell.unwrap());
        seen += usize::from(cell != Cell::Null);
    }
    assert_eq!(seen, FIELDS.len());
}

fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

async fn sign_in(base: &str, compressed: bool) -> Client {
    let (minute, url) = (Duration::from_secs(60), Url::parse(base).unwrap());
    let mut http = http_client("pull", minute, minute).unwrap();
    if !compressed {
        http = reqwest::Client::builder().no_gzip().build().unwrap();
    }
    let app = ConnectedApp {
        login_url: url.clone(),
        client_id: "tsugite-emulator-key".to_owned(),
        client_secret: Some("tsugite-emulator-secret".into()),
    };
    let token = app.client_credentials().send(&http, &AllowedHosts::new([url])).await.unwrap();
    Client::new(http, token.instance_url, token.access_token, ApiVersion::DEFAULT)
}

/// An org in a process of its own.
struct Org {
    process: Child,
    base: String,
}

impl Org {
    fn start(rows: u64) -> Self {
        let program = std::env::current_exe().unwrap();
        let pinned =
            Command::new("taskset").arg("--version").output().is_ok_and(|told| told.status.success());
        let mut command = if pinned { Command::new("taskset") } else { Command::new(&program) };
        if pinned {
            command.args(["-c", "0"]).arg(&program);
        }
        command.args(["serve", &rows.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut told = String::new();
        std::io::BufReader::new(process.stdout.take().unwrap()).read_line(&mut told).unwrap();
        let base = told.trim().strip_prefix("ready ").unwrap().to_owned();
        Self { process, base }
    }

    /// Runs a reader to its end; gives what it printed.
    fn run(&self, arguments: &[&str]) -> String {
        let program = std::env::current_exe().unwrap();
        let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Org {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
