//! Where test databases lie.

use std::path::PathBuf;
use std::process::Command;

/// Bytes that have to be free in memory.
const ROOM: u64 = 4_000_000_000;

/// A folder in memory where there is one with room, else the system's for temporary files.
///
/// `TSUGITE_TEST_FOLDER` names another, for measurements of a real disk.
pub(super) fn base() -> PathBuf {
    if let Some(folder) = std::env::var_os("TSUGITE_TEST_FOLDER") {
        return folder.into();
    }
    let told = Command::new("df").args(["--output=avail", "-B1", "/dev/shm"]).output();
    let told = told.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free: u64 = told.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or(0);
    if free > ROOM { "/dev/shm".into() } else { std::env::temp_dir() }
}
