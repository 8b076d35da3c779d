//! The file that stores the org between runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use serde_json::Value as Json;

use crate::lock::lock;
use crate::start_error::StartError;
use crate::state::EmulatorState;

/// How long changes wait before they are written.
const SAVE_INTERVAL: Duration = Duration::from_secs(2);

/// The file, and how many changes it contains.
#[derive(Debug)]
pub(crate) struct DataFile {
    path: PathBuf,
    /// The write counts of the org and of Account Engagement when the file was last written.
    stored: Mutex<(u64, u64)>,
}

impl DataFile {
    /// The file at this path.
    pub(crate) fn new(path: &Path) -> Self {
        DataFile { path: path.to_owned(), stored: Mutex::new((0, 0)) }
    }

    /// Restores the file's content; a file that does not exist yet changes nothing.
    pub(crate) fn load(&self, state: &EmulatorState) -> Result<(), StartError> {
        let failed = |reason: String| StartError::Data { path: self.path.display().to_string(), reason };
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(error.to_string())),
        };
        let snapshot: Json = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
        let mut org = state.write();
        org.restore(&snapshot).map_err(failed)?;
        *lock(&self.stored) = (org.writes(), 0);
        lock(&state.sessions).restore(&snapshot["refresh_tokens"]);
        lock(&state.engagement).restore(&snapshot["engagement"]);
        Ok(())
    }

    /// Writes the org, if it has changed since the last time.
    pub(crate) fn save(&self, state: &EmulatorState) {
        let mut stored = lock(&self.stored);
        let (snapshot, writes) = {
            let org = state.read();
            let engagement = lock(&state.engagement);
            let writes = (org.writes(), engagement.writes());
            if writes == *stored && self.path.exists() {
                return;
            }
            let mut snapshot = org.snapshot();
            snapshot["engagement"] = engagement.snapshot();
            (snapshot, writes)
        };
        let mut snapshot = snapshot;
        snapshot["refresh_tokens"] = lock(&state.sessions).refresh_tokens();
        match self.replace(&snapshot) {
            Ok(()) => *stored = writes,
            Err(error) => tracing::warn!(%error, path = %self.path.display(), "the org could not be stored"),
        }
    }

    /// Writes beside the file first, so that a crash never leaves half of it.
    fn replace(&self, snapshot: &Json) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let beside = self.path.with_extension("new");
        std::fs::write(&beside, serde_json::to_vec(snapshot)?)?;
        std::fs::rename(&beside, &self.path)
    }
}

/// Keeps the file up to date until the state is dropped.
pub(crate) async fn save_periodically(file: Arc<DataFile>, state: Weak<EmulatorState>) {
    loop {
        tokio::time::sleep(SAVE_INTERVAL).await;
        let Some(state) = state.upgrade() else { return };
        let file = Arc::clone(&file);
        let _ = tokio::task::spawn_blocking(move || file.save(&state)).await;
    }
}
