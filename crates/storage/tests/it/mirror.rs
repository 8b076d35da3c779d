//! The mirror: one generation is read while the next is written; one run at a time.

use crate::support::{LEASE, NOW, OVER, workspace};
use domain::mirror::StreamState;
use domain::mirror::{MirrorRow, RecordChange, RecordState, ValueChange};
use domain::run::{Receipt, RunKind, RunState, RunTrigger};
use domain::value::{Step, WorkspaceId};
use secrecy::SecretString;
use serde_json::json;
use storage::mirror::lookup_index::KeyBuffer;
use storage::mirror::rows::Stale;
use storage::mirror::seen_ids::CompareWith;
use storage::mirror::streams::Mirror;
use storage::mirror::{history, lookup_index, row_layouts, rows, seen_ids, staging, streams};
use storage::run::{runs, schedules};
use storage::testing::{SECRET_KEY, TestDatabase};
use storage::{Database, StorageError, Vault, Write};

mod both {
    crate::on_both!(
        readers_see_complete_generation_or_none,
        repeated_rows_replace_existing,
        field_names_are_stored_once,
        keys_are_flushed_in_batches,
        buffered_keys_are_flushed_by_part,
        changes_are_applied_together,
        record_is_found_by_latest_key,
        missing_rows_are_found,
        second_run_of_a_kind_is_rejected,
        scheduled_run_is_claimed_once
    );
}

const LEADS: &str = "synced_fields/Lead";

fn row(number: u32, key: Option<&str>) -> MirrorRow {
    let body = json!({"Company": format!("会社{number} \"A\"\n二行目\u{0}"), "Email": key});
    MirrorRow {
        record_id: format!("00Q{number:015}"),
        system_modstamp: NOW,
        match_key: key.map(str::to_owned),
        state: RecordState::Present,
        successor_id: None,
        changed_at: NOW,
        body: body.to_string(),
    }
}

async fn find(test: &TestDatabase, workspace: WorkspaceId) -> Mirror {
    streams::find(&test.database.read(), workspace, LEADS).await.unwrap()
}

/// Stages rows and tells how many records are new.
async fn staged(test: &TestDatabase, workspace: WorkspaceId, generation: i64, rows: &[MirrorRow]) -> u64 {
    let packed = row_layouts::encode(&test.database, workspace, rows).await.unwrap();
    let write = test.database.write().await.unwrap();
    let partition = staging::partition(&write, workspace, LEADS, generation).await.unwrap();
    let new = staging::stage(&write, partition, &packed).await.unwrap();
    write.commit().await.unwrap();
    new
}

async fn stage(test: &TestDatabase, workspace: WorkspaceId, generation: i64, rows: &[MirrorRow]) {
    staged(test, workspace, generation, rows).await;
}

/// Puts in the keys of so many staged rows.
async fn put_keys(
    write: &Write,
    workspace: WorkspaceId,
    generation: i64,
    after: &str,
    rows: usize,
) -> Option<String> {
    let mut keys = KeyBuffer::default();
    let more =
        lookup_index::collect(write, workspace, LEADS, generation, after, rows, &mut keys).await.unwrap();
    // A part is named by a number that no other has.
    let part = after.get(3..).map_or(0, |number| number.parse().unwrap());
    lookup_index::flush(write, workspace, LEADS, generation, part, &mut keys).await.unwrap();
    more
}

async fn publish(test: &TestDatabase, workspace: WorkspaceId, generation: i64, rows: i64) -> Mirror {
    let state = StreamState { covered_until: Some(NOW), ..StreamState::default() };
    let mirror = Mirror { stream: LEADS.to_owned(), generation, state, refreshed_at: NOW, rows };
    let write = test.database.write().await.unwrap();
    assert_eq!(put_keys(&write, workspace, generation, "", usize::MAX).await, None);
    streams::publish(&write, workspace, &mirror).await.unwrap();
    write.commit().await.unwrap();
    mirror
}

async fn found(test: &TestDatabase, workspace: WorkspaceId, key: &str) -> Vec<MirrorRow> {
    lookup_index::find(&test.database.read(), workspace, LEADS, key).await.unwrap()
}

async fn readers_see_complete_generation_or_none(test: TestDatabase) {
    let (workspace, other) = (workspace(&test.database, "w").await, workspace(&test.database, "x").await);
    let rows: Vec<_> = (0..500).map(|number| row(number, Some("a@x.example"))).collect();
    stage(&test, workspace, 1, &rows).await;
    stage(&test, workspace, 1, &[row(7, None)]).await;
    stage(&test, other, 1, &[row(1, Some("b@x.example"))]).await;
    let read = test.database.read();
    assert!(found(&test, workspace, "a@x.example").await.is_empty(), "nothing is visible yet");
    assert_eq!(rows::count(&read, workspace, LEADS, 1).await.unwrap(), 500);
    publish(&test, workspace, 1, 500).await;
    let seen = found(&test, workspace, "a@x.example").await;
    assert_eq!(seen.len(), 100, "the first hundred");
    assert_eq!(seen[0], rows[0], "line breaks, quotes, NUL and Japanese come back as they went in");
    assert!(found(&test, workspace, "b@x.example").await.is_empty(), "another workspace's");

    stage(&test, workspace, 2, &[row(9, Some("c@x.example"))]).await;
    assert_eq!(
        found(&test, workspace, "a@x.example").await.len(),
        100,
        "the old one is read while a new one comes"
    );
    let second = publish(&test, workspace, 2, 1).await;
    assert!(found(&test, workspace, "a@x.example").await.is_empty());
    assert_eq!(found(&test, workspace, "c@x.example").await.len(), 1);
    let write = test.database.write().await.unwrap();
    while rows::delete_stale(&write, workspace, LEADS, 2, Stale::Older).await.unwrap() {}
    write.commit().await.unwrap();
    assert_eq!(rows::count(&read, workspace, LEADS, 1).await.unwrap(), 0);
    assert_eq!(rows::count(&read, other, LEADS, 1).await.unwrap(), 1);
    let page = rows::list(&read, workspace, LEADS, &[RecordState::Present], "", 10).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(streams::with_prefix(&read, workspace, "synced_fields/").await.unwrap(), [second]);
    let write = test.database.write().await.unwrap();
    streams::remove_stream(&write, workspace, LEADS).await.unwrap();
    write.commit().await.unwrap();
    assert!(found(&test, workspace, "c@x.example").await.is_empty());
}

async fn field_names_are_stored_once(test: TestDatabase) {
    let (workspace, other) = (workspace(&test.database, "w").await, workspace(&test.database, "x").await);
    let of_another_form = MirrorRow { body: json!({"Name": "別の会社"}).to_string(), ..row(3, None) };
    let rows = [row(1, Some("a@x.example")), row(2, None), of_another_form];
    for workspace in [workspace, other, workspace] {
        stage(&test, workspace, 1, &rows).await;
    }
    publish(&test, workspace, 1, 3).await;
    // Neither of these has learned anything: another node, and one that has started again.
    let vault = Vault::new(&SecretString::from(SECRET_KEY)).unwrap();
    let node = Database::open(&test.address, vault).await.unwrap();
    for read in [test.database.read(), node.read(), node.read()] {
        let by_id = rows::find_record(&read, workspace, LEADS, &rows[1].record_id).await.unwrap();
        assert_eq!(by_id.as_ref(), Some(&rows[1]));
        assert_eq!(lookup_index::find(&read, workspace, LEADS, "a@x.example").await.unwrap(), rows[..1]);
        let listed = rows::list(&read, workspace, LEADS, &[RecordState::Present], "", 10).await.unwrap();
        assert_eq!(listed, rows);
        let met =
            async |path, wanted| rows::find_by_text(&read, workspace, LEADS, path, wanted, 10).await.unwrap();
        assert_eq!(met("Company", "会社2 \"a\"\n二").await, rows[1..2]);
        assert_eq!(met("Email", "A@X").await, rows[..1], "it stands only beside the values");
        assert_eq!(met("Name", "別の").await, rows[2..]);
        let ids = rows.iter().map(|row| row.record_id.as_str()).collect::<Vec<_>>();
        let kept = streams::find(&read, workspace, LEADS).await.unwrap();
        let many = rows::find_many(&read, workspace, &kept, &ids).await.unwrap();
        assert_eq!(rows.clone().map(|row| many[&row.record_id].clone()), rows);
    }
    node.close().await.unwrap();
    let stored =
        test.texts("SELECT body AS text FROM mirror_rows WHERE partition_id = 1 ORDER BY record_id").await;
    let company = |number| format!("会社{number} \\\"A\\\"\\n二行目\\u0000");
    assert_eq!(
        stored,
        [format!("1\n{}\n=", company(1)), format!("1\n{}\n:", company(2)), rows[2].body.clone()]
    );
}

async fn repeated_rows_replace_existing(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let rows =
        |key: &'static str, numbers: std::ops::Range<u32>| numbers.map(move |number| row(number, Some(key)));
    let staged = async |rows: Vec<MirrorRow>| staged(&test, workspace, 1, &rows).await;
    assert_eq!(staged(Vec::new()).await, 0);
    assert_eq!(staged(rows("old@x.example", 0..250).collect()).await, 250);
    assert_eq!(staged(rows("new@x.example", 200..450).collect()).await, 200, "fifty are there already");
    let twice = rows("first@x.example", 450..460).chain(rows("last@x.example", 450..560));
    assert_eq!(staged(twice.collect()).await, 110, "ten come twice");
    publish(&test, workspace, 1, 560).await;
    let read = test.database.read();
    assert_eq!(rows::count(&read, workspace, LEADS, 1).await.unwrap(), 560);
    for (number, key) in [(199, "old"), (200, "new"), (249, "new"), (250, "new"), (455, "last")] {
        let kept = rows::find_record(&read, workspace, LEADS, &format!("00Q{number:015}")).await.unwrap();
        assert_eq!(kept.unwrap().match_key.unwrap(), format!("{key}@x.example"), "{number}");
    }
    assert!(found(&test, workspace, "first@x.example").await.is_empty());
}

async fn keys_are_flushed_in_batches(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let keys = ["a@x.example", "b@x.example", "c@x.example"];
    let rows: Vec<_> = (0..24).map(|number| row(number, keys.get(number as usize % 4).copied())).collect();
    stage(&test, workspace, 1, &rows).await;
    let (mut after, mut times) = (Some(String::new()), 0);
    while let Some(behind) = after {
        let write = test.database.write().await.unwrap();
        after = put_keys(&write, workspace, 1, &behind, 10).await;
        write.commit().await.unwrap();
        times += 1;
    }
    assert_eq!(times, 3, "ten, ten and four");
    publish_as_it_is(&test, workspace, 24).await;
    for (place, key) in keys.iter().enumerate() {
        let wanted: Vec<_> = rows.iter().skip(place).step_by(4).cloned().collect();
        assert_eq!(found(&test, workspace, key).await, wanted, "{key}");
    }
}

async fn publish_as_it_is(test: &TestDatabase, workspace: WorkspaceId, rows: i64) {
    let state = StreamState::default();
    let mirror = Mirror { stream: LEADS.to_owned(), generation: 1, state, refreshed_at: NOW, rows };
    let write = test.database.write().await.unwrap();
    streams::publish(&write, workspace, &mirror).await.unwrap();
    write.commit().await.unwrap();
}

async fn buffered_keys_are_flushed_by_part(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let key = |number: u32| format!("k{}@x.example", number % 400);
    let rows: Vec<_> = (0..1_000).map(|number| row(number, Some(&key(number)))).collect();
    stage(&test, workspace, 1, &rows).await;
    stage(&test, workspace, 1, &[row(1_000, None)]).await;
    let mut keys = KeyBuffer::default();
    for (part, some) in (0..).zip(rows.chunks(450)) {
        // A row that comes again has its key in there twice, and is found once.
        some.iter().chain(&some[..7]).for_each(|row| keys.add(row));
        keys.add(&row(1_000, None));
        assert_eq!(keys.len(), some.len() + 7);
        let write = test.database.write().await.unwrap();
        lookup_index::flush(&write, workspace, LEADS, 1, part, &mut keys).await.unwrap();
        write.commit().await.unwrap();
        assert!(keys.is_empty());
    }
    publish_as_it_is(&test, workspace, 1_001).await;
    for number in [0, 6, 199, 200, 399] {
        let wanted: Vec<_> = (number..1_000).step_by(400).map(|place| rows[place as usize].clone()).collect();
        assert_eq!(found(&test, workspace, &key(number)).await, wanted, "{number}");
    }
    let write = test.database.write().await.unwrap();
    lookup_index::remove(&write, workspace, LEADS, 1).await.unwrap();
    write.commit().await.unwrap();
    assert!(found(&test, workspace, &key(0)).await.is_empty());
}

async fn changes_are_applied_together(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    stage(&test, workspace, 1, &[row(1, Some("a@x.example")), row(2, Some("b@x.example"))]).await;
    publish(&test, workspace, 1, 2).await;
    let gone = MirrorRow { state: RecordState::Deleted, ..row(2, Some("b@x.example")) };
    stage(&test, workspace, 2, &[gone.clone(), row(3, Some("a@x.example"))]).await;
    let mirror = find(&test, workspace).await;
    let kept = rows::find_many(&test.database.read(), workspace, &mirror, &[&gone.record_id]).await.unwrap();
    assert_eq!(kept[&gone.record_id].state, RecordState::Deleted, "what was staged is newer");
    let change = RecordChange {
        state: Some(RecordState::Deleted),
        values: vec![ValueChange { path: "Company".to_owned(), from: json!("a\u{0}"), to: json!(null) }],
    };
    let write = test.database.write().await.unwrap();
    let changes = [(gone.record_id.clone(), change.clone())];
    history::stage(&write, workspace, &mirror, &changes, NOW).await.unwrap();
    write.commit().await.unwrap();
    let history =
        async || history::list(&test.database.read(), workspace, LEADS, &gone.record_id, 10).await.unwrap();
    assert!(history().await.is_empty());
    assert_eq!(found(&test, workspace, "b@x.example").await.len(), 1);

    let write = test.database.write().await.unwrap();
    rows::merge_staged(&write, workspace, &mirror).await.unwrap();
    history::publish(&write, workspace, LEADS, mirror.staged(), mirror.generation).await.unwrap();
    write.commit().await.unwrap();
    assert!(found(&test, workspace, "b@x.example").await.is_empty());
    assert_eq!(found(&test, workspace, "a@x.example").await.len(), 2);
    assert_eq!(history().await, [(NOW, change)]);
    let read = test.database.read();
    let deleted = rows::find_record(&read, workspace, LEADS, &gone.record_id).await.unwrap();
    assert_eq!(deleted, Some(gone));
}

async fn record_is_found_by_latest_key(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    stage(&test, workspace, 1, &[row(1, Some("a@x.example")), row(2, Some("a@x.example"))]).await;
    publish(&test, workspace, 1, 2).await;
    // Its key becomes another, comes back, and stays while something else changes.
    for key in ["b@x.example", "a@x.example", "a@x.example"] {
        stage(&test, workspace, 2, &[row(1, Some(key))]).await;
        let mirror = find(&test, workspace).await;
        let write = test.database.write().await.unwrap();
        rows::merge_staged(&write, workspace, &mirror).await.unwrap();
        write.commit().await.unwrap();
        assert!(found(&test, workspace, key).await.contains(&row(1, Some(key))));
        let by_a = if key.starts_with('a') { 2 } else { 1 };
        assert_eq!(found(&test, workspace, "a@x.example").await.len(), by_a, "each of them once");
    }
    assert!(found(&test, workspace, "b@x.example").await.is_empty());
}

async fn missing_rows_are_found(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let rows: Vec<_> = (0..5).map(|number| row(number, None)).collect();
    stage(&test, workspace, 1, &rows).await;
    let mirror = publish(&test, workspace, 1, 5).await;
    stage(&test, workspace, 2, &rows[..2]).await;
    let write = test.database.write().await.unwrap();
    let met = [rows[0].record_id.as_str(), rows[4].record_id.as_str()];
    seen_ids::mark(&write, workspace, LEADS, &met).await.unwrap();
    seen_ids::mark(&write, workspace, LEADS, &met).await.unwrap();
    write.commit().await.unwrap();
    let missing = async |against, after: &str| {
        let read = test.database.read();
        let rows = seen_ids::missing(&read, workspace, &mirror, against, after, 10).await.unwrap();
        rows.iter().map(|row| row.record_id.clone()).collect::<Vec<_>>()
    };
    let ids = |some: &[MirrorRow]| some.iter().map(|row| row.record_id.clone()).collect::<Vec<_>>();
    assert_eq!(missing(CompareWith::Staged, "").await, ids(&rows[2..]));
    assert_eq!(missing(CompareWith::Seen, "").await, ids(&rows[1..4]));
    assert_eq!(missing(CompareWith::Seen, &rows[2].record_id).await, ids(&rows[3..4]));
    let all: Vec<&str> = rows.iter().map(|row| row.record_id.as_str()).collect();
    let mut unnoted = seen_ids::unseen(&test.database.read(), workspace, LEADS, &all).await.unwrap();
    unnoted.sort();
    assert_eq!(unnoted, ids(&rows[1..4]));
}

async fn second_run_of_a_kind_is_rejected(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let request = async |origin| {
        let write = test.database.write().await.unwrap();
        let at = if origin == RunTrigger::Manual { NOW } else { NOW.plus_seconds(1) };
        let made = runs::request(&write, workspace, RunKind::SyncedFields, origin, at).await.unwrap();
        write.commit().await.unwrap();
        made
    };
    let wanted = request(RunTrigger::Manual).await.unwrap();
    assert_eq!(request(RunTrigger::Nightly).await, None, "one waits already");
    let claim = async |worker: &str, at: domain::value::Timestamp| {
        let write = test.database.write().await.unwrap();
        let claimed = runs::claim(&write, worker, at, LEASE, 4).await.unwrap();
        write.commit().await.unwrap();
        claimed
    };
    let first = claim("a", NOW).await;
    assert_eq!((first.len(), first[0].1.id, first[0].1.state), (1, wanted, RunState::Running));
    assert_eq!(request(RunTrigger::Manual).await, None, "one runs");
    let read = test.database.read();
    assert!(!runs::any_to_do(&read).await.unwrap());
    assert!(claim("b", NOW.plus_minutes(300)).await.is_empty(), "its clock is five hours fast");
    let write = test.database.write().await.unwrap();
    runs::renew(&write, first[0].0, OVER).await.unwrap();
    write.commit().await.unwrap();
    assert!(runs::any_to_do(&read).await.unwrap());
    let second = claim("b", NOW.plus_minutes(-300)).await;
    assert_eq!(second[0].1.id, wanted, "its worker is gone");
    let write = test.database.write().await.unwrap();
    let lost = runs::progress(&write, first[0].0, &Receipt::default(), LEASE).await;
    assert!(matches!(lost, Err(StorageError::LeaseLost)), "{lost:?}");
    drop(write);
    let receipt = Receipt { calls: 3, ..Receipt::default() };
    let write = test.database.write().await.unwrap();
    runs::progress(&write, second[0].0, &receipt, LEASE).await.unwrap();
    let reason = Step::new("run-failed");
    runs::finish(&write, second[0].0, RunState::Failed, &receipt, Some(&reason), NOW).await.unwrap();
    write.commit().await.unwrap();
    let kept = runs::find(&test.database.read(), workspace, wanted).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.receipt.calls, kept.reason), (RunState::Failed, 3, Some(reason)));
    assert_eq!(
        runs::last_requested(&test.database.read(), workspace, RunKind::SyncedFields).await.unwrap(),
        Some(NOW)
    );
    let next = request(RunTrigger::Nightly).await.unwrap();
    let write = test.database.write().await.unwrap();
    runs::stop_all(&write, workspace, &Step::new("run-disconnected"), NOW).await.unwrap();
    write.commit().await.unwrap();
    let stopped = runs::find(&test.database.read(), workspace, next).await.unwrap().unwrap();
    assert_eq!(stopped.state, RunState::Stopped);
    let listed = runs::list(&test.database.read(), workspace, None, 10).await.unwrap();
    assert_eq!(listed.iter().map(|run| run.id).collect::<Vec<_>>(), [next, wanted]);
}

async fn scheduled_run_is_claimed_once(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let write = test.database.write().await.unwrap();
    schedules::set(&write, workspace, RunKind::SyncedFields, NOW).await.unwrap();
    let kind = RunKind::SyncedFields;
    assert_eq!(schedules::due(&write, NOW).await.unwrap(), [(workspace, kind, NOW)]);
    let tomorrow = NOW.plus_minutes(24 * 60);
    assert!(schedules::advance(&write, workspace, kind, NOW, tomorrow).await.unwrap());
    assert!(!schedules::advance(&write, workspace, kind, NOW, tomorrow).await.unwrap());
    assert!(schedules::due(&write, NOW).await.unwrap().is_empty());
    schedules::clear(&write, workspace, kind).await.unwrap();
    assert!(schedules::due(&write, tomorrow).await.unwrap().is_empty());
    write.commit().await.unwrap();
}
