//! One PostgreSQL server for all test processes of a user, however many run at a time.
//!
//! Under the lock `starting` a process joins the server that answers, or starts one beside its keeper (`keeper.sh`).
//! Each holds the lock `users` as long as it lives; the system lets go of it for a process that was killed.

use crate::testing::folders;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Row as _};
use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What the names of servers' folders begin with.
const SERVER: &str = "server-";
const KEEPER: &str = include_str!("keeper.sh");
/// How often it is looked whether a new server answers, and after which time each: a minute at most.
const TRIES: u32 = 1200;
const PAUSE: Duration = Duration::from_millis(50);

/// The server, joined by this process.
pub(super) struct Cluster {
    socket: PathBuf,
    template: String,
    databases: AtomicU32,
    /// Held until the process ends.
    _users: File,
}

impl Cluster {
    /// The server that this process has joined.
    pub(super) fn joined() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::join)
    }

    /// Makes a database of its own for a test, and gives its address.
    pub(super) fn new_database(&self, migrated: bool) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}{number}", folders::prefix());
        let template = if migrated { &self.template } else { "template0" };
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        wait_for(execute(&self.socket, &sql)).expect("a new database");
        address(&self.socket, &name)
    }

    fn join() -> Self {
        let home = folders::home();
        let starting = lock_file(&home, "starting");
        starting.lock().expect("the right to start a server");
        let users = lock_file(&home, "users");
        users.lock_shared().expect("a place among the users");
        let running = std::fs::read_to_string(home.join("current")).ok().map(PathBuf::from);
        let socket = running.filter(|socket| wait_for(answers(socket))).unwrap_or_else(|| start(&home));
        let template = template(&socket);
        drop(starting);
        wait_for(drop_left_over(&socket));
        Self { socket, template, databases: AtomicU32::new(0), _users: users }
    }
}

fn lock_file(home: &Path, name: &str) -> File {
    let file = File::options().create(true).truncate(false).write(true).read(true).open(home.join(name));
    let file = file.expect("a lock file");
    // The keeper may run as another user, and only reads.
    file.set_permissions(std::fs::Permissions::from_mode(0o644)).expect("a readable lock file");
    file
}

/// Starts a server and its keeper; the caller holds `starting`.
fn start(home: &Path) -> PathBuf {
    for left_over in std::fs::read_dir(home).expect("the folder of the test servers").filter_map(Result::ok) {
        let path = left_over.path();
        let server = left_over.file_name().as_encoded_bytes().starts_with(SERVER.as_bytes());
        if server && File::open(&path).is_ok_and(|folder| folder.try_lock().is_ok()) {
            std::fs::remove_dir_all(&path).expect("a left-over folder goes");
        }
    }
    let folder = tempfile::Builder::new().prefix(SERVER).tempdir_in(home).expect("a folder").keep();
    folders::give_to_postgres(&folder);
    let mut keeper = as_postgres("/bin/sh");
    keeper.args(["-c", KEEPER, "keeper"]).arg(binaries()).arg(&folder).arg(home).current_dir("/");
    // Not of this process's group: it outlives the test, and a key pressed to stop the tests doesn't reach it.
    keeper.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    wait_until_it_answers(&folder, &mut keeper.spawn().expect("the keeper starts"));
    let current = home.join("current");
    let written = home.join("current.new");
    std::fs::write(&written, folder.as_os_str().as_encoded_bytes()).expect("the server's place is written");
    std::fs::rename(written, current).expect("the server's place is written");
    folder
}

fn wait_until_it_answers(folder: &Path, keeper: &mut Child) {
    for _ in 0..TRIES {
        if wait_for(answers(folder)) {
            return;
        }
        let ended = keeper.try_wait().expect("the keeper is a child");
        assert!(ended.is_none(), "PostgreSQL did not start: {}", log(folder));
        std::thread::sleep(PAUSE);
    }
    panic!("PostgreSQL did not answer: {}", log(folder));
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

/// The database that migrated ones are copied from; made once for each set of migrations.
fn template(socket: &Path) -> String {
    let hash = crate::database::migrations::fingerprint();
    let (ready, begun) = (format!("migrated_{hash}"), format!("migrating_{hash}"));
    let known = wait_for(databases(socket));
    if known.contains(&ready) {
        return ready;
    }
    // It gets its name when it is whole: the process that makes it can be killed before.
    for sql in [format!("DROP DATABASE IF EXISTS {begun} WITH (FORCE)"), format!("CREATE DATABASE {begun}")] {
        wait_for(execute(socket, &sql)).expect("a database for the template");
    }
    let address = address(socket, &begun);
    wait_for(async move { crate::Database::migrate(&address).await }).expect("a migrated template");
    let rename = format!("ALTER DATABASE {begun} RENAME TO {ready}");
    wait_for(execute(socket, &rename)).expect("the template gets its name");
    ready
}

/// Drops the databases of processes that have gone.
async fn drop_left_over(socket: &Path) {
    for name in databases(socket).await {
        if folders::is_left_over(&name) {
            // Another process may be dropping it as well.
            let _ = execute(socket, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

async fn answers(socket: &Path) -> bool {
    execute(socket, "SELECT 1").await.is_ok()
}

async fn databases(socket: &Path) -> Vec<String> {
    let mut connection = connect(socket).await.expect("the server answers");
    let rows = connection.fetch_all("SELECT datname::text FROM pg_database").await.expect("its databases");
    rows.iter().map(|row| row.get(0)).collect()
}

async fn execute(socket: &Path, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = connect(socket).await?;
    connection.execute(sqlx::AssertSqlSafe(sql)).await?;
    connection.close().await
}

async fn connect(socket: &Path) -> Result<PgConnection, sqlx::Error> {
    let options =
        PgConnectOptions::new_without_pgpass().socket(socket).username("postgres").database("postgres");
    options.connect().await
}

fn address(socket: &Path, database: &str) -> String {
    let host = socket.to_string_lossy().replace('/', "%2F");
    format!("postgres://postgres@{host}/{database}")
}

/// Waits for something outside of whatever runtime the caller is in.
fn wait_for<T: Send>(future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(future)
        });
        waiting.join().expect("no panic")
    })
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
fn as_postgres(program: &str) -> Command {
    if folders::user() != 0 {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}
