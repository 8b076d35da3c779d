//! A database of each release is migrated to head, on SQLite and on PostgreSQL.
//!
//! `cargo test -p storage --test it -- --ignored write_release_database` writes the database of the current version;
//! from then on its migrations are frozen (docs/releasing.md).

use crate::support::{NOW, booking, delivery, workspace};
use domain::booking::Booking;
use domain::delivery::{DeliveryState, Fields, OpenAttempt, Recovery, SalesforceSettings, Write, marker};
use domain::notification::{Notice, NoticeKind};
use domain::run::{RunKind, RunTrigger};
use domain::value::{Step, WorkspaceId};
use domain::workspace::Role;
use secrecy::SecretString;
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::PathBuf;
use std::str::FromStr as _;
use storage::booking::bookings;
use storage::delivery::{deliveries, timeline};
use storage::notification::inbox;
use storage::run::runs;
use storage::testing::{Kind, SECRET_KEY, TestDatabase, new_empty_address, open};
use storage::workspace::{accounts, audit, settings, workspaces};
use storage::{Database, StorageError, Vault};

/// Every release with a kept database.
const RELEASES: [&str; 1] = ["0.1.0"];

fn script(version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/releases/{version}.sql"))
}

/// Runs a script as it is, without migrating anything.
async fn load(address: &str, script: String) {
    if address.starts_with("sqlite:") {
        let options = sqlx::sqlite::SqliteConnectOptions::from_str(address).unwrap().create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = sqlx::postgres::PgConnection::connect(address).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

async fn migrates_to_head(kind: Kind) {
    for version in RELEASES {
        let (address, _folder) = new_empty_address(kind);
        let kept = std::fs::read_to_string(script(version)).unwrap();
        load(&address, kept).await;
        let vault = Vault::new(&SecretString::from(SECRET_KEY)).unwrap();
        let database = Database::open(&address, vault).await.unwrap_or_else(|error| {
            panic!("{version} is not migrated, so a released migration was changed: {error}");
        });
        let read = database.read();
        let workspace = workspaces::find_by_slug(&read, "kept").await.unwrap().unwrap();
        let found = bookings::list(&read, workspace.id, None, 10).await.unwrap();
        let [booking] = found.as_slice() else { panic!("{version}: {found:?}") };
        assert_eq!(booking.attendee.name.display(booking.language), "山田 太郎");
        let all = deliveries::of_subjects(&read, workspace.id, &[booking.id.into()]).await.unwrap();
        let [delivery] = all.as_slice() else { panic!("{version}: {all:?}") };
        assert_eq!(delivery.open_attempt.as_ref().unwrap().writes[0].object, "Task");
        assert_eq!(timeline::list(&read, workspace.id, booking.id.into()).await.unwrap().len(), 1);
        assert_eq!(inbox::count_unread(&read, workspace.id).await.unwrap(), 1);
        assert_eq!(accounts::list(&read, workspace.id).await.unwrap()[0].role, Role::Owner);
        assert_eq!(runs::list(&read, workspace.id, None, 10).await.unwrap().len(), 1);
        let saved = settings::find::<SalesforceSettings>(&read, workspace.id).await.unwrap();
        assert!(saved.todo.enabled && saved.todo.lag_minutes == 7, "{version}: {saved:?}");
    }
}

#[tokio::test]
async fn kept_databases_migrate_to_head_on_sqlite() {
    migrates_to_head(Kind::Sqlite).await;
}

#[tokio::test]
async fn kept_databases_migrate_to_head_on_postgres() {
    migrates_to_head(Kind::Postgres).await;
}

#[test]
fn every_published_version_has_a_kept_database() {
    let current = env!("CARGO_PKG_VERSION");
    assert!(RELEASES.contains(&current), "write the database of {current} (docs/releasing.md)");
}

#[tokio::test]
#[ignore = "writes into the source tree; part of a release"]
async fn write_release_database() {
    let test = open(Kind::Sqlite).await;
    let workspace = workspace(&test.database, "kept").await;
    fill(&test.database, workspace).await;
    let mut script = Vec::new();
    for kind in ["table", "index"] {
        let sql = format!(
            "SELECT sql AS text FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL
                AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        );
        script.extend(test.texts(&sql).await);
    }
    for table in
        test.texts("SELECT name AS text FROM sqlite_master WHERE type = 'table' ORDER BY rowid").await
    {
        script.extend(rows(&test, &table).await);
    }
    let text = script.iter().map(|statement| format!("{statement};\n")).collect::<String>();
    std::fs::write(self::script(env!("CARGO_PKG_VERSION")), text).unwrap();
}

/// A table's rows as statements that both databases understand.
async fn rows(test: &TestDatabase, table: &str) -> Vec<String> {
    let columns =
        format!("SELECT name || ' ' || type AS text FROM pragma_table_info('{table}') ORDER BY cid");
    let literals: Vec<String> = test
        .texts(&columns)
        .await
        .iter()
        .map(|column| match column.split_once(' ').unwrap() {
            (name, "BOOLEAN") => format!("CASE WHEN {name} THEN 'TRUE' ELSE 'FALSE' END"),
            (name, _) => format!("quote({name})"),
        })
        .collect();
    let values = literals.join(" || ', ' || ");
    test.texts(&format!("SELECT 'INSERT INTO {table} VALUES (' || {values} || ')' AS text FROM {table}"))
        .await
}

async fn fill(database: &Database, workspace: WorkspaceId) {
    let write = database.write().await.unwrap();
    let booking: Booking = booking(storage::ids::new(NOW), NOW.plus_minutes(60), 30);
    assert!(bookings::create(&write, workspace, &booking).await.unwrap());
    let mut delivery = delivery(booking.id, NOW);
    let note = marker::mark("製品デモ", delivery.id, 1_000);
    let fields = Fields::from_iter([("Description".to_owned(), note.into())]);
    let recovery = Recovery::Marker { field: "Description".to_owned() };
    let writes = vec![Write::create("Task", fields, recovery).requiring(&["Description"])];
    delivery.open_attempt = Some(OpenAttempt { org_time: NOW, sent_at: NOW, writes });
    delivery.state = DeliveryState::Due;
    deliveries::create(&write, workspace, &delivery, NOW).await.unwrap();
    let step = Step::new("booking-made").with("page", "営業/デモ");
    timeline::add(&write, workspace, booking.id.into(), None, std::slice::from_ref(&step), NOW)
        .await
        .unwrap();
    audit::record(&write, workspace, "owner@example.co.jp", &step, NOW).await.unwrap();
    inbox::publish(&write, workspace, &Notice::new(NoticeKind::ApiLimitNear), NOW).await.unwrap();
    let account = accounts::Account {
        id: storage::ids::new(NOW),
        workspace,
        email: domain::value::EmailAddress::parse("owner@example.co.jp").unwrap(),
        name: "持主".to_owned(),
        password_hash: "-".to_owned(),
        role: Role::Owner,
        language: domain::value::Language::Japanese,
    };
    accounts::create(&write, &account, NOW).await.unwrap();
    let mut saved = SalesforceSettings::default();
    (saved.todo.enabled, saved.todo.lag_minutes) = (true, 7);
    settings::save(&write, workspace, &saved, NOW).await.unwrap();
    runs::request(&write, workspace, RunKind::SyncedFields, RunTrigger::Manual, NOW).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn database_of_a_later_release_is_refused_and_named() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let test = open(kind).await;
        let later = "INSERT INTO schema_migrations (version, checksum) VALUES (9999, 'later')";
        load(&test.address, later.to_owned()).await;
        let vault = Vault::new(&SecretString::from(SECRET_KEY)).unwrap();
        let Err(error) = Database::open(&test.address, vault).await else { panic!("{kind:?} was opened") };
        assert!(matches!(error, StorageError::NewerSchema { version: 9999, .. }), "{error}");
        assert!(error.to_string().contains("later release"), "{error}");
    }
}
