//! Fresh databases for tests, of either kind; all test processes share one PostgreSQL server, which starts by itself
//! and ends after the last of them.

use crate::Database;
use crate::Vault;
use crate::database::statements::all;
use crate::testing::{cluster, folders};
use secrecy::SecretString;

/// The two kinds of database that every storage and engine test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file in a temporary folder.
    Sqlite,
    /// A database of its own on a private server.
    Postgres,
}

/// A database that goes away with this value.
pub struct TestDatabase {
    /// Open and migrated.
    pub database: Database,
    /// Where it is, for further processes.
    pub address: String,
    _folder: tempfile::TempDir,
}

impl TestDatabase {
    /// Reads the column `text` of a query, as it is stored.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = all(&self.database.read(), sql, Vec::new()).await.expect("a query");
        rows.iter().map(|row| row.get("text").expect("a text")).collect()
    }
}

/// The keys that test databases use.
pub const SECRET_KEY: &str = "a test key that is long enough to be one";

/// Makes an address of a new database of a kind without a row, and the folder that holds it.
///
/// On PostgreSQL it is a copy of one that has been migrated already, which whoever opens it finds out.
pub fn new_address(kind: Kind) -> (String, tempfile::TempDir) {
    at_new_address(kind, true)
}

/// Makes an address of a new database of a kind without a table, for tests of the migrations themselves.
pub fn new_empty_address(kind: Kind) -> (String, tempfile::TempDir) {
    at_new_address(kind, false)
}

fn at_new_address(kind: Kind, migrated: bool) -> (String, tempfile::TempDir) {
    let folder = folders::new();
    let address = match kind {
        Kind::Sqlite => format!("sqlite:{}", folder.path().join("test.db").display()),
        Kind::Postgres => cluster::Cluster::joined().new_database(migrated),
    };
    (address, folder)
}

/// Opens a new database of a kind.
pub async fn open(kind: Kind) -> TestDatabase {
    let (address, folder) = new_address(kind);
    let vault = Vault::new(&SecretString::from(SECRET_KEY)).expect("a good key");
    let database = Database::open(&address, vault).await.expect("a new database opens");
    TestDatabase { database, address, _folder: folder }
}
