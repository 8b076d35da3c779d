//! Backups of either database, taken while it is written to, and what is refused when they are put back.

use crate::support::{NOW, booking, workspace};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use storage::booking::bookings;
use storage::database::backup::{backup, restore};
use storage::testing::{Kind, TestDatabase, new_address, new_empty_address};
use storage::{Database, StorageError, Vault};

mod both {
    crate::on_both! {
        backup_holds_one_state_and_goes_into_either_database,
        restore_into_a_used_database_is_refused_unless_told,
        backup_never_replaces_a_file,
    }
}

async fn book(database: &Database, of: domain::value::WorkspaceId, hour: i64) {
    let write = database.write().await.unwrap();
    let one = booking(storage::ids::new(NOW), NOW.plus_minutes(hour * 60), 30);
    assert!(bookings::create(&write, of, &one).await.unwrap());
    write.commit().await.unwrap();
}

fn rows(counts: &[(&'static str, i64)], table: &str) -> i64 {
    counts.iter().find(|(name, _)| *name == table).unwrap().1
}

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777
}

async fn backup_holds_one_state_and_goes_into_either_database(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    for hour in 0..5 {
        book(&test.database, workspace, hour).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a%20?backup.db");
    let writing = async {
        for hour in 5..25 {
            book(&test.database, workspace, hour).await;
        }
    };
    let (counts, ()) = tokio::join!(backup(&test.address, &file), writing);
    let counts = counts.unwrap();
    // A booking of half an hour takes six cells: half of one would be another state.
    assert!(rows(&counts, "bookings") >= 5);
    assert_eq!(rows(&counts, "booked_cells"), rows(&counts, "bookings") * 6);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (address, _folder) = new_empty_address(kind);
        assert_eq!(restore(&file, &address, false).await.unwrap(), counts, "{kind:?}");
    }
    assert_eq!(mode(&file), 0o600);
}

async fn restore_into_a_used_database_is_refused_unless_told(test: TestDatabase) {
    let first = workspace(&test.database, "w").await;
    book(&test.database, first, 0).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    backup(&test.address, &file).await.unwrap();
    book(&test.database, first, 1).await;
    let refused = restore(&file, &test.address, false).await;
    assert!(matches!(refused, Err(StorageError::NotEmpty)), "{refused:?}");
    let restored = restore(&file, &test.address, true).await.unwrap();
    assert_eq!(rows(&restored, "bookings"), 1);
    let count = test.texts("SELECT CAST(COUNT(*) AS TEXT) AS text FROM bookings").await;
    assert_eq!(count, ["1"], "what came after the backup is gone");

    let cut = folder.path().join("cut.db");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(folder.path().join("text.db"), "not a database").unwrap();
    for name in ["cut.db", "text.db"] {
        let refused = restore(&folder.path().join(name), &test.address, true).await;
        assert!(matches!(refused, Err(StorageError::BadBackup { .. })), "{name}: {refused:?}");
    }
    let refused = restore(&folder.path().join("none.db"), &test.address, true).await;
    assert!(matches!(refused, Err(StorageError::File { .. })), "{refused:?}");
    let count = test.texts("SELECT CAST(COUNT(*) AS TEXT) AS text FROM bookings").await;
    assert_eq!(count, ["1"], "a bad backup changes nothing");
}

async fn backup_never_replaces_a_file(test: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    std::fs::write(&file, "yesterday's").unwrap();
    let refused = backup(&test.address, &file).await;
    assert!(matches!(refused, Err(StorageError::File { .. })), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "yesterday's");
}

#[tokio::test]
async fn new_sqlite_file_is_its_owners_alone() {
    let (address, _folder) = new_address(Kind::Sqlite);
    let key = secrecy::SecretString::from(storage::testing::SECRET_KEY);
    let _database = Database::open(&address, Vault::new(&key).unwrap()).await.unwrap();
    let file = address.strip_prefix("sqlite:").unwrap();
    for file in [file.to_owned(), format!("{file}-wal")] {
        assert_eq!(mode(Path::new(&file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn server_that_is_not_there_is_named_at_once() {
    let key = secrecy::SecretString::from(storage::testing::SECRET_KEY);
    let opened = Database::open("postgres://me:pass@127.0.0.1:9/x", Vault::new(&key).unwrap());
    let refused = tokio::time::timeout(std::time::Duration::from_secs(8), opened).await.unwrap();
    let Err(refused) = refused else { panic!("nobody listens there") };
    assert!(matches!(refused, StorageError::Unreachable { .. }), "{refused:?}");
    assert!(
        refused.to_string().contains("127.0.0.1:9") && !refused.to_string().contains("pass"),
        "{refused}"
    );
}
