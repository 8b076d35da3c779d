//! Where test databases lie, and what processes that were killed have left there.

use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

/// Bytes that have to be free in memory.
const ROOM: u64 = 4_000_000_000;

/// A new folder for a test's database; the first of a process removes what others left behind.
pub(super) fn new() -> TempDir {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = home();
        for folder in std::fs::read_dir(&home).expect("the folder of the tests").filter_map(Result::ok) {
            if is_left_over(&folder.file_name().to_string_lossy()) {
                // Another process may be removing it as well.
                let _ = std::fs::remove_dir_all(folder.path());
            }
        }
        home
    });
    tempfile::Builder::new().prefix(&prefix()).tempdir_in(home).expect("a temporary folder")
}

/// What the names of this process's databases and folders begin with.
pub(super) fn prefix() -> String {
    format!("test_{}_", std::process::id())
}

/// Whether a database or a folder was made by a process that has gone, if only one that had this one's number.
pub(super) fn is_left_over(name: &str) -> bool {
    let Some(process) = name.strip_prefix("test_").and_then(|rest| rest.split('_').next()) else {
        return false;
    };
    process == std::process::id().to_string() || !Path::new("/proc").join(process).exists()
}

/// A user's folder of everything that tests keep. The locks in it stay: whoever removed them could split those in two
/// who hold them.
pub(super) fn home() -> PathBuf {
    let me = user();
    let home = base().join(format!("tsugite-tests-{me}"));
    if std::fs::DirBuilder::new().mode(0o700).create(&home).is_ok() {
        give_to_postgres(&home);
    }
    let owner = std::fs::metadata(&home).expect("the folder of the tests").uid();
    assert!(me == 0 || owner == me, "{} is somebody else's", home.display());
    home
}

/// A folder in memory where there is one with room, else the system's for temporary files.
///
/// `TSUGITE_TEST_FOLDER` names another, for measurements of a real disk.
fn base() -> PathBuf {
    if let Some(folder) = std::env::var_os("TSUGITE_TEST_FOLDER") {
        return folder.into();
    }
    let told = Command::new("df").args(["--output=avail", "-B1", "/dev/shm"]).output();
    let told = told.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free: u64 = told.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or(0);
    if free > ROOM { "/dev/shm".into() } else { std::env::temp_dir() }
}

/// PostgreSQL doesn't run as root, which lends it the user `postgres`.
pub(super) fn give_to_postgres(folder: &Path) {
    if user() == 0 {
        let given = Command::new("chown").arg("postgres").arg(folder).status();
        assert!(given.is_ok_and(|status| status.success()), "{} goes to postgres", folder.display());
    }
}

pub(super) fn user() -> u32 {
    std::fs::metadata("/proc/self").expect("this process").uid()
}
