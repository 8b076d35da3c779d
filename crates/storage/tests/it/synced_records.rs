//! Records kept from the org: one generation is read while the next is written, one run at a time.

use crate::support::{NOW, workspace};
use domain::explanation::Step;
use domain::run::{Receipt, RunKind, RunOrigin, RunState};
use domain::synced_fields::SyncedObject;
use serde_json::json;
use storage::synced_records::{self, SyncedRow, SyncedTable};
use storage::testing::TestDatabase;
use storage::{StorageError, runs, schedules};

mod both {
    crate::on_both!(
        readers_see_a_whole_generation_or_none,
        one_run_of_a_kind_at_a_time,
        a_night_is_taken_by_one_node
    );
}

fn row(number: u32, key: Option<&str>) -> SyncedRow {
    let values = json!({"Email": key, "Company": format!("会社{number} \"A\"\n二行目")});
    SyncedRow {
        record_id: format!("00Q{number:015}"),
        match_key: key.map(str::to_owned),
        values: values.as_object().unwrap().clone(),
    }
}

async fn readers_see_a_whole_generation_or_none(test: TestDatabase) {
    let (workspace, other) = (workspace(&test.database, "w").await, workspace(&test.database, "x").await);
    let (first, second) = (storage::ids::new(NOW), storage::ids::new(NOW.plus_seconds(1)));
    let write = test.database.write().await.unwrap();
    let rows: Vec<_> = (0..500).map(|number| row(number, Some("a@x.example"))).collect();
    synced_records::stage(&write, workspace, SyncedObject::Lead, first, &rows).await.unwrap();
    synced_records::stage(&write, workspace, SyncedObject::Lead, first, &[row(7, None)]).await.unwrap();
    synced_records::stage(&write, other, SyncedObject::Lead, first, &[row(1, Some("b@x.example"))])
        .await
        .unwrap();
    write.commit().await.unwrap();
    let read = test.database.read();
    let found = async |key: &str| {
        synced_records::find_by_key(&test.database.read(), workspace, SyncedObject::Lead, key).await.unwrap()
    };
    assert!(found("a@x.example").await.is_empty(), "nothing is visible yet");
    assert_eq!(synced_records::count(&read, workspace, SyncedObject::Lead, first).await.unwrap(), 500);
    let table =
        |generation, rows| SyncedTable { object: SyncedObject::Lead, generation, refreshed_at: NOW, rows };
    let write = test.database.write().await.unwrap();
    synced_records::publish(&write, workspace, &table(first, 500)).await.unwrap();
    write.commit().await.unwrap();
    let seen = found("a@x.example").await;
    assert_eq!(seen.len(), 100, "the first hundred");
    assert_eq!(seen[0], rows[0], "line breaks, quotes and Japanese come back as they went in");
    assert!(found("b@x.example").await.is_empty(), "another workspace's");

    let write = test.database.write().await.unwrap();
    synced_records::stage(&write, workspace, SyncedObject::Lead, second, &[row(9, Some("c@x.example"))])
        .await
        .unwrap();
    write.commit().await.unwrap();
    assert_eq!(found("a@x.example").await.len(), 100, "the old generation stays while the new one comes");
    let write = test.database.write().await.unwrap();
    synced_records::publish(&write, workspace, &table(second, 1)).await.unwrap();
    write.commit().await.unwrap();
    assert!(found("a@x.example").await.is_empty());
    assert_eq!(found("c@x.example").await.len(), 1);
    let write = test.database.write().await.unwrap();
    while synced_records::sweep(&write, workspace, SyncedObject::Lead, None).await.unwrap() {}
    write.commit().await.unwrap();
    assert_eq!(synced_records::count(&read, workspace, SyncedObject::Lead, first).await.unwrap(), 0);
    assert_eq!(synced_records::count(&read, other, SyncedObject::Lead, first).await.unwrap(), 1);
    let page = synced_records::list(&read, workspace, SyncedObject::Lead, "", 10).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(synced_records::tables(&read, workspace).await.unwrap(), [table(second, 1)]);
    let write = test.database.write().await.unwrap();
    synced_records::withdraw(&write, workspace, SyncedObject::Lead).await.unwrap();
    write.commit().await.unwrap();
    assert!(found("c@x.example").await.is_empty());
}

async fn one_run_of_a_kind_at_a_time(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let request = async |origin| {
        let write = test.database.write().await.unwrap();
        let at = if origin == RunOrigin::Manual { NOW } else { NOW.plus_seconds(1) };
        let made = runs::request(&write, workspace, RunKind::SyncedFields, origin, at).await.unwrap();
        write.commit().await.unwrap();
        made
    };
    let wanted = request(RunOrigin::Manual).await.unwrap();
    assert_eq!(request(RunOrigin::Nightly).await, None, "one waits already");
    let claim = async |worker: &str, at: domain::timestamp::Timestamp| {
        let write = test.database.write().await.unwrap();
        let claimed = runs::claim(&write, worker, at, at.plus_seconds(60), 4).await.unwrap();
        write.commit().await.unwrap();
        claimed
    };
    let first = claim("a", NOW).await;
    assert_eq!((first.len(), first[0].1.id, first[0].1.state), (1, wanted, RunState::Running));
    assert_eq!(request(RunOrigin::Manual).await, None, "one runs");
    assert!(claim("b", NOW.plus_seconds(59)).await.is_empty());
    let second = claim("b", NOW.plus_seconds(61)).await;
    assert_eq!(second[0].1.id, wanted, "its worker is gone");
    let write = test.database.write().await.unwrap();
    let lost = runs::progress(&write, first[0].0, &Receipt::default(), NOW.plus_seconds(99)).await;
    assert!(matches!(lost, Err(StorageError::LaneLost)), "{lost:?}");
    drop(write);
    let receipt = Receipt { calls: 3, ..Receipt::default() };
    let write = test.database.write().await.unwrap();
    runs::progress(&write, second[0].0, &receipt, NOW.plus_seconds(200)).await.unwrap();
    let reason = Step::new("run-failed");
    runs::finish(&write, second[0].0, RunState::Failed, &receipt, Some(&reason), NOW).await.unwrap();
    write.commit().await.unwrap();
    let kept = runs::find(&test.database.read(), workspace, wanted).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.receipt.calls, kept.reason), (RunState::Failed, 3, Some(reason)));
    assert_eq!(
        runs::last_asked(&test.database.read(), workspace, RunKind::SyncedFields).await.unwrap(),
        Some(NOW)
    );
    let next = request(RunOrigin::Nightly).await.unwrap();
    let write = test.database.write().await.unwrap();
    runs::stop_all(&write, workspace, &Step::new("run-disconnected"), NOW).await.unwrap();
    write.commit().await.unwrap();
    let stopped = runs::find(&test.database.read(), workspace, next).await.unwrap().unwrap();
    assert_eq!(stopped.state, RunState::Stopped);
    let listed = runs::list(&test.database.read(), workspace, None, 10).await.unwrap();
    assert_eq!(listed.iter().map(|run| run.id).collect::<Vec<_>>(), [next, wanted]);
}

async fn a_night_is_taken_by_one_node(test: TestDatabase) {
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
