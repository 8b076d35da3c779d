//! How fast records are kept and found again: `cargo bench -p storage --bench mirror`.
//!
//! `BENCH_ROWS` says how many rows of each of two streams (a million), `BENCH_LOOK_UPS` how many are looked up.

#![expect(clippy::unwrap_used, reason = "a measurement that fails has to fail loudly")]

use domain::mirror::StreamState;
use domain::mirror::{MirrorRow, RecordState};
use domain::router::{Chart, Facts, FindKey, Known, RecordFacts, decide, find_name};
use domain::synced_fields::SyncedObject;
use domain::value::{Timestamp, WorkspaceId};
use serde_json::json;
use std::io::Write as _;
use std::time::Duration;
use storage::mirror::lookup_index::KeyBuffer;
use storage::mirror::streams::Mirror;
use storage::mirror::{lookup_index, row_layouts, rows, staging, streams};
use storage::testing::{Kind, TestDatabase, open};
use tokio::time::Instant;

/// Rows that are committed together.
const BATCH: u64 = 10_000;
/// Rows whose keys are put in together.
const KEYS: usize = 1 << 15;
const AT: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// A stream's name, the beginning of its ids, and the key of its n-th record.
type Stream = (&'static str, &'static str, fn(u64) -> String);

const STREAMS: [(&str, Stream); 2] = [
    (
        "e-mail",
        ("synced_fields/contact", "003", |n| {
            format!("{:x}.contact@company{}.example", scatter(n), n % 5_000)
        }),
    ),
    ("domain", ("synced_fields/account", "001", |n| format!("{:x}.example.co.jp", scatter(n)))),
];

#[tokio::main]
async fn main() {
    let rows = number("BENCH_ROWS", 1_000_000);
    let look_ups = number("BENCH_LOOK_UPS", 5_000);
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let test = open(kind).await;
        let workspace: WorkspaceId = storage::ids::new(AT);
        for (by, stream) in STREAMS {
            let time = keep(&test, workspace, stream, rows).await;
            let rate = format!("{:.0} rows/s durable ({rows} in {:.2} s)", rows as f64 / time, time);
            line(&format!("{kind:?}, kept with their indexes, keys in no order ({by})"), &rate);
        }
        for (by, stream) in STREAMS {
            let mut times = look_up(&test, workspace, stream, rows, look_ups).await;
            times.sort();
            let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
            let figures = format!("p50 {:.3} ms, p99 {:.3} ms, worst {:.3} ms", at(50), at(99), at(100));
            line(&format!("{kind:?}, found by {by} among {rows}"), &figures);
        }
        let mut times = route(&test, workspace, rows, look_ups.min(2_000)).await;
        times.sort();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
        let figures = format!("p50 {:.3} ms, p99 {:.3} ms, worst {:.3} ms", at(50), at(99), at(100));
        line(&format!("{kind:?}, decision over 50 nodes, Contact and Account looked up"), &figures);
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

fn line(what: &str, figure: &str) {
    writeln!(std::io::stdout().lock(), "{what:<72} {figure}").unwrap();
}

/// Numbers in no order, each once, as keys are that people have chosen.
fn scatter(n: u64) -> u64 {
    (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

fn row((_, prefix, key): Stream, n: u64) -> MirrorRow {
    let key = key(n);
    MirrorRow {
        record_id: format!("{prefix}xx{n:010}AAA"),
        system_modstamp: AT,
        body: format!(
            r#"{{"CreatedDate":"2026-11-22T15:00:00Z","Email":"{key}","FirstName":"花子","LastName":"佐藤","Name":"花子 佐藤","Phone":"03-1234-5678","Title":null}}"#
        ),
        match_key: Some(key),
        state: RecordState::Present,
        successor_id: None,
        changed_at: AT,
    }
}

/// Writes a stream's rows; the seconds it took, without making them up.
async fn keep(test: &TestDatabase, workspace: WorkspaceId, stream: Stream, rows: u64) -> f64 {
    let mut time = Duration::ZERO;
    let (mut keys, mut part) = (KeyBuffer::default(), 0);
    for start in (0..rows).step_by(usize::try_from(BATCH).unwrap()) {
        let batch: Vec<MirrorRow> = (start..rows.min(start + BATCH)).map(|n| row(stream, n)).collect();
        let begun = Instant::now();
        let packed = row_layouts::encode(&test.database, workspace, &batch).await.unwrap();
        let write = test.database.write().await.unwrap();
        let partition = staging::partition(&write, workspace, stream.0, 1).await.unwrap();
        staging::stage(&write, partition, &packed).await.unwrap();
        batch.iter().for_each(|row| keys.add(row));
        if keys.len() >= KEYS || start + BATCH >= rows {
            lookup_index::flush(&write, workspace, stream.0, 1, part, &mut keys).await.unwrap();
            part += 1;
        }
        write.commit().await.unwrap();
        time += begun.elapsed();
    }
    let write = test.database.write().await.unwrap();
    rows::analyze(&write).await.unwrap();
    let kept = Mirror {
        stream: stream.0.to_owned(),
        generation: 1,
        state: StreamState::default(),
        refreshed_at: AT,
        rows: i64::try_from(rows).unwrap(),
    };
    streams::publish(&write, workspace, &kept).await.unwrap();
    write.commit().await.unwrap();
    time.as_secs_f64()
}

async fn look_up(
    test: &TestDatabase,
    workspace: WorkspaceId,
    stream: Stream,
    rows: u64,
    look_ups: u64,
) -> Vec<Duration> {
    let mut times = Vec::new();
    for n in 0..look_ups {
        let n = scatter(n) % rows;
        let key = stream.2(n);
        let begun = Instant::now();
        let found = lookup_index::find(&test.database.read(), workspace, stream.0, &key).await.unwrap();
        times.push(begun.elapsed());
        assert_eq!(found.first().map(|row| &row.record_id), Some(&row(stream, n).record_id));
    }
    times
}

/// A chart that looks at a Contact and an Account before it comes to its end.
fn chart() -> Chart {
    let mut nodes = serde_json::Map::new();
    for n in 0..50 {
        let next = if n < 49 { format!("n{}", n + 1) } else { "end".to_owned() };
        let object = if n % 2 == 0 { "contact" } else { "account" };
        nodes.insert(
            format!("n{n}"),
            json!({ "kind": "condition", "all": [{ "fact": format!("{object}.Title"), "operator": "equals", "value": n }],
                "next": { "match": "end", "otherwise": next, "error": "end" } }),
        );
    }
    nodes.insert("end".to_owned(), json!({ "kind": "outcome", "outcome": { "kind": "nothing" } }));
    serde_json::from_value(json!({ "start": "n0", "nodes": nodes })).unwrap()
}

/// Gathers the facts of a visitor from the local copy and decides.
async fn route(test: &TestDatabase, workspace: WorkspaceId, rows: u64, visitors: u64) -> Vec<Duration> {
    let chart = chart();
    let mut times = Vec::new();
    for n in 0..visitors {
        let n = scatter(n + 77) % rows;
        let begun = Instant::now();
        let mut facts = Facts::default();
        for (_, stream) in STREAMS {
            let found =
                lookup_index::find(&test.database.read(), workspace, stream.0, &stream.2(n)).await.unwrap();
            let (object, by) = if stream.1 == "003" {
                (SyncedObject::Contact, FindKey::Email)
            } else {
                (SyncedObject::Account, FindKey::Domain)
            };
            let record = found.first().unwrap();
            let fields = record.values().into_iter().collect();
            let record = RecordFacts { id: record.record_id.clone(), fields, ..RecordFacts::default() };
            facts.records.insert(find_name(object, by, false), Known::Found(record));
        }
        assert_eq!(decide(&chart, &facts).path.len(), 51);
        times.push(begun.elapsed());
    }
    times
}
