//! The file that keeps the org from one start to the next.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use serde_json::Value as Json;

use crate::org::store::Org;
use crate::server::StartError;
use crate::site::{EmulatorState, lock};

/// How long changes wait before they are written.
const PAUSE: Duration = Duration::from_secs(2);

/// The file, and how much of the org's life it holds.
#[derive(Debug)]
pub(crate) struct DataFile {
    path: PathBuf,
    kept: Mutex<(u64, u64)>,
}

impl DataFile {
    /// The file at this place.
    pub(crate) fn new(path: &Path) -> Self {
        DataFile { path: path.to_owned(), kept: Mutex::new((0, 0)) }
    }

    /// Reads the file into the org; a file that does not exist yet changes nothing.
    pub(crate) fn load(&self, org: &mut Org) -> Result<Option<Json>, StartError> {
        let failed = |reason: String| StartError::Data { path: self.path.display().to_string(), reason };
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error.to_string())),
        };
        let snapshot: Json = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
        org.restore(&snapshot).map_err(failed)?;
        *lock(&self.kept) = (org.writes(), 0);
        Ok(Some(snapshot))
    }

    /// Writes the org, if it has changed since the last time.
    pub(crate) fn save(&self, site: &EmulatorState) {
        let mut kept = lock(&self.kept);
        let (snapshot, writes) = {
            let org = site.read();
            let engagement = lock(&site.engagement);
            let writes = (org.writes(), engagement.writes());
            if writes == *kept && self.path.exists() {
                return;
            }
            let mut snapshot = org.snapshot();
            snapshot["engagement"] = engagement.snapshot();
            (snapshot, writes)
        };
        let mut snapshot = snapshot;
        snapshot["refresh_tokens"] = lock(&site.sessions).refresh_tokens();
        match self.replace(&snapshot) {
            Ok(()) => *kept = writes,
            Err(error) => tracing::warn!(%error, path = %self.path.display(), "the org could not be kept"),
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

/// Keeps the file up to date until the site is gone.
pub(crate) async fn save_periodically(site: Weak<EmulatorState>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(site) = site.upgrade() else { return };
        let _ = tokio::task::spawn_blocking(move || Arc::clone(&site).save()).await;
    }
}
