//! Copying from SQLite to PostgreSQL and back keeps all rows of all tables.

use crate::support::{NOW, booking, delivery, workspace};
use std::collections::BTreeMap;
use storage::StorageError;
use storage::booking::bookings;
use storage::database::copy::copy_database;
use storage::delivery::{deliveries, timeline};
use storage::testing::{Kind, new_address, open};

#[tokio::test]
async fn copy_to_postgres_and_back_keeps_rows() {
    let first = open(Kind::Sqlite).await;
    let workspace = workspace(&first.database, "w").await;
    let write = first.database.write().await.unwrap();
    let mut made = Vec::new();
    for hour in 0..3 {
        let one = booking(storage::ids::new(NOW), NOW.plus_minutes(hour * 60), 30);
        assert!(bookings::create(&write, workspace, &one).await.unwrap());
        deliveries::create(&write, workspace, &delivery(one.id, NOW), NOW).await.unwrap();
        let step = domain::value::Step::new("booking-made").with("page", "営業/デモ");
        timeline::add(&write, workspace, one.id.into(), None, &[step], NOW).await.unwrap();
        made.push(one);
    }
    // More than two pages of one table.
    let steps = vec![domain::value::Step::new("waits"); 2_500];
    timeline::add(&write, workspace, made[0].id.into(), None, &steps, NOW).await.unwrap();
    write.commit().await.unwrap();

    let (postgres, _folder) = new_address(Kind::Postgres);
    let (back, _folder) = new_address(Kind::Sqlite);
    let there = copy_database(&first.address, &postgres).await.unwrap();
    assert_eq!(copy_database(&postgres, &back).await.unwrap(), there);
    let again = copy_database(&postgres, &back).await;
    assert!(matches!(again, Err(StorageError::NotEmpty)), "{again:?}");

    let counts: BTreeMap<&str, i64> = there.into_iter().collect();
    assert_eq!((counts["bookings"], counts["deliveries"], counts["booked_cells"]), (3, 3, 18));
    assert_eq!(counts["timeline"], 2_503);
    let vault = storage::Vault::new(&secrecy::SecretString::from(storage::testing::SECRET_KEY)).unwrap();
    let moved = storage::Database::open(&back, vault).await.unwrap();
    for one in &made {
        assert_eq!(bookings::find(&moved.read(), workspace, one.id).await.unwrap().as_ref(), Some(one));
        assert_eq!(
            timeline::list(&moved.read(), workspace, one.id.into()).await.unwrap(),
            timeline::list(&first.database.read(), workspace, one.id.into()).await.unwrap()
        );
    }
}

/// Requests to a running engine, how far its runs were, and tries to sign in are all that isn't worth taking along.
#[tokio::test]
async fn every_table_is_copied() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut tables = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let script = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let created = script.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        tables.extend(created.map(|rest| rest.split_whitespace().next().unwrap().to_owned()));
    }
    let left_behind = ["org_requests", "mirror_seen", "run_checkpoints", "sign_in_tries"];
    tables.retain(|table| !left_behind.contains(&table.as_str()));
    tables.sort();
    let (from, _folder) = new_address(Kind::Sqlite);
    let (to, _folder) = new_address(Kind::Sqlite);
    let mut moved: Vec<String> =
        copy_database(&from, &to).await.unwrap().into_iter().map(|(table, _)| table.to_owned()).collect();
    moved.sort();
    assert_eq!(moved, tables);
}
