//! The website that calls: its workspace by the tag's key, its settings, and whether it is allowed.

use crate::state::AppState;
use domain::tag::{SiteOrigin, Tag, TagSettings, is_allowed};
use domain::value::{Timestamp, WorkspaceId};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use storage::StorageError;
use storage::tag::{keys, pages_seen, sites};
use storage::workspace::settings;
use url::Url;

/// A website that carries a workspace's tag.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Whose tag it is.
    pub(crate) workspace: WorkspaceId,
    /// The tag's key.
    pub(crate) key: String,
    /// The site; `None` if the browser named none.
    pub(crate) origin: Option<SiteOrigin>,
    /// The settings.
    pub(crate) settings: TagSettings,
    /// Which of the two tags is on.
    pub(crate) active: Option<Tag>,
}

impl Site {
    /// The site of a call; `None` if there is no such key.
    pub(crate) async fn find(
        state: &AppState,
        key: &str,
        origin: Option<&str>,
    ) -> Result<Option<Self>, StorageError> {
        let read = state.database.read();
        let Some(workspace) = keys::find_workspace(&read, key).await? else { return Ok(None) };
        let settings = settings::find::<TagSettings>(&read, workspace).await?;
        let active = keys::find(&read, workspace).await?.and_then(|tags| tags.active);
        let origin = origin.and_then(SiteOrigin::parse);
        Ok(Some(Self { workspace, key: key.to_owned(), origin, settings, active }))
    }

    /// Whether the admin has allowed it.
    pub(crate) fn is_allowed(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| is_allowed(&self.settings.origins, origin))
    }

    /// Its origin as text; empty if the browser named none.
    pub(crate) fn origin_text(&self) -> &str {
        self.origin.as_ref().map_or("", SiteOrigin::as_str)
    }

    /// An address with the parameters that may travel and nothing else; empty if it is none of a website.
    pub(crate) fn clean_url(&self, given: &str) -> String {
        let Some(mut url) =
            Url::parse(given.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
        else {
            return String::new();
        };
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| self.settings.parameters.iter().any(|known| known == name))
            .take(MAX_PARAMETERS)
            .map(|(name, value)| (name.into_owned(), value.chars().take(200).collect()))
            .collect();
        url.set_fragment(None);
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(&kept);
        }
        // Nobody's password is kept because it stood in an address.
        if url.set_username("").is_err() || url.set_password(None).is_err() || url.as_str().len() > MAX_URL {
            return String::new();
        }
        url.into()
    }
}

/// Characters of an address that is kept.
const MAX_URL: usize = 2_000;
/// Parameters of an address that are kept.
const MAX_PARAMETERS: usize = 30;
/// Seconds after which it is noted again that a page has the tag.
const NOTE_SECONDS: i64 = 600;
/// Pages of which this process remembers when they were noted.
const MAX_NOTED: usize = 20_000;

static NOTED: LazyLock<Mutex<HashMap<String, Timestamp>>> = LazyLock::new(Mutex::default);

/// Takes note that a page of an allowed site has the tag; at most every ten minutes, as every visitor asks.
pub(crate) async fn note_page(state: &AppState, site: &Site, path: &str) -> Result<(), StorageError> {
    let Some(origin) = &site.origin else { return Ok(()) };
    let now = state.clock.now();
    let path: String = path.split(['?', '#']).next().unwrap_or_default().chars().take(500).collect();
    let name = format!("{} {origin} {path}", site.workspace);
    {
        let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(&name).is_some_and(|at| now.seconds() - at.seconds() < NOTE_SECONDS) {
            return Ok(());
        }
        if noted.len() >= MAX_NOTED {
            noted.clear();
        }
        noted.insert(name, now);
    }
    let write = state.database.write().await?;
    sites::note(&write, site.workspace, origin.as_str(), 0, now).await?;
    if site.is_allowed() {
        pages_seen::note(&write, site.workspace, origin.as_str(), &path, now).await?;
    }
    write.commit().await
}
