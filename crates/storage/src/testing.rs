//! Fresh databases for tests, of either kind; the PostgreSQL server is started here and ends with the process.
#![expect(clippy::expect_used, reason = "support for tests: a failure here is a failed test")]

use crate::database::Database;
use crate::vault::Vault;
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

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

/// The keys that test databases use.
pub const SECRET_KEY: &str = "a test key that is long enough to be one";

/// Makes an address of a new, empty database of a kind, and the folder that holds it.
pub fn new_address(kind: Kind) -> (String, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = match kind {
        Kind::Sqlite => format!("sqlite:{}", folder.path().join("test.db").display()),
        Kind::Postgres => postgres().new_database(),
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

struct Postgres {
    _server: Mutex<Server>,
    socket: PathBuf,
    counter: std::sync::atomic::AtomicU32,
}

struct Server {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn postgres() -> &'static Postgres {
    static POSTGRES: OnceLock<Postgres> = OnceLock::new();
    POSTGRES.get_or_init(Postgres::start)
}

impl Postgres {
    fn start() -> Self {
        let binaries = binaries();
        let folder = tempfile::Builder::new().prefix("tsugite-pg").tempdir_in("/tmp").expect("a folder");
        let data = folder.path().join("data");
        let root = is_root();
        if root {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let mut initdb = as_postgres(root, &binaries.join("initdb"));
        run(initdb
            .arg("--no-sync")
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data));
        // A supervising shell ends the server when this process, its parent, has gone.
        let server = format!(
            "\"$0\" -D \"$1\" -k \"$2\" -c listen_addresses= -c max_connections=300 -c fsync=on & server=$!; \
             while [ -d /proc/{} ]; do sleep 0.5; kill -0 $server 2>/dev/null || exit; done; kill -INT $server; wait; rm -rf \"$2\"",
            std::process::id()
        );
        let mut shell = as_postgres(root, Path::new("/bin/sh"));
        let child = shell
            .arg("-c")
            .arg(server)
            .arg(binaries.join("postgres"))
            .arg(&data)
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PostgreSQL starts");
        let socket = folder.path().to_owned();
        let ready = binaries.join("pg_isready");
        let answers = (0..200).any(|_| {
            let up = Command::new(&ready)
                .arg("-q")
                .arg("-h")
                .arg(&socket)
                .status()
                .is_ok_and(|status| status.success());
            if !up {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            up
        });
        assert!(answers, "PostgreSQL did not answer within ten seconds");
        Self {
            _server: Mutex::new(Server { child, _folder: folder }),
            socket,
            counter: std::sync::atomic::AtomicU32::new(0),
        }
    }

    fn new_database(&self) -> String {
        let number = self.counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("test_{number}");
        run(Command::new(binaries().join("psql"))
            .arg("-h")
            .arg(&self.socket)
            .args(["-U", "postgres", "-q", "-c"])
            .arg(format!("CREATE DATABASE {name}")));
        let host = self.socket.to_string_lossy().replace('/', "%2F");
        format!("postgres://postgres@{host}/{name}")
    }
}

fn binaries() -> PathBuf {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed (make test does it)");
    versions
        .filter_map(Result::ok)
        .map(|version| version.path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .max()
        .expect("PostgreSQL's programs are in /usr/lib/postgresql")
}

/// `initdb` refuses root, so root lends it the user `postgres`.
fn as_postgres(root: bool, program: &Path) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
