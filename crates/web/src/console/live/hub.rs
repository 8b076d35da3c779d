//! One look a second at each workspace that someone watches, however many watch it.

use crate::state::AppState;
use domain::value::WorkspaceId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use storage::Session as _;
use storage::changes::{self, Changes};
use tokio::sync::watch;

/// Pages of one workspace that are told of changes by this node.
const MOST_OF_WORKSPACE: usize = 50;
/// Pages that this node tells of changes.
const MOST: usize = 500;
/// How often a workspace is looked at.
const PAUSE: Duration = Duration::from_secs(1);

/// Who watches what on this node.
#[derive(Default)]
pub struct Hub {
    watched: Mutex<HashMap<WorkspaceId, watch::Sender<Changes>>>,
}

impl Hub {
    /// The hub of this process.
    pub fn of(state: &AppState) -> Arc<Self> {
        state.database.read().cache()
    }

    /// Watches a workspace; `None` when as many do as this node can tell.
    pub fn watch(
        self: &Arc<Self>,
        state: &AppState,
        workspace: WorkspaceId,
    ) -> Option<watch::Receiver<Changes>> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let of_workspace = watched.get(&workspace).map_or(0, watch::Sender::receiver_count);
        let all: usize = watched.values().map(watch::Sender::receiver_count).sum();
        if of_workspace >= MOST_OF_WORKSPACE || all >= MOST {
            return None;
        }
        if let Some(sender) = watched.get(&workspace) {
            return Some(sender.subscribe());
        }
        let (sender, receiver) = watch::channel(Changes::default());
        watched.insert(workspace, sender);
        tokio::spawn(Arc::clone(self).look(state.clone(), workspace));
        Some(receiver)
    }

    /// Ends what everybody watches: the server stops, and waits for connections that would never end.
    pub fn close(&self) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Looks until no one watches any more.
    async fn look(self: Arc<Self>, state: AppState, workspace: WorkspaceId) {
        loop {
            match changes::latest(&state.database.read(), workspace).await {
                Ok(latest) => self.tell(workspace, latest),
                Err(error) => tracing::debug!(%error, "a watched workspace could not be looked at"),
            }
            tokio::time::sleep(PAUSE).await;
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            if watched.get(&workspace).is_none_or(|sender| sender.receiver_count() == 0) {
                watched.remove(&workspace);
                return;
            }
        }
    }

    fn tell(&self, workspace: WorkspaceId, latest: Changes) {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = watched.get(&workspace) {
            sender.send_if_modified(|known| {
                let is_new = *known != latest;
                *known = latest;
                is_new
            });
        }
    }
}
