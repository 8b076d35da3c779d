//! The frames around every page: the public one and the console's.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use domain::delivery::DeliveryState;
use domain::value::Language;

/// Renders a page.
pub fn render(page: &impl Template) -> Result<Response, PageError> {
    match page.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Err(PageError::internal())
        }
    }
}

/// The frame of a public page.
#[derive(Clone, Debug)]
pub struct PublicFrame {
    /// Texts in the reader's language.
    pub t: Translator,
    /// The title in the tab of the browser.
    pub title: String,
    /// The team or product in whose name the page speaks.
    pub brand: String,
    /// The other language and the same page in it.
    pub switch: Option<(Language, String)>,
}

/// The frame of a console page.
#[derive(Clone, Debug)]
pub struct ConsoleFrame {
    /// Texts in the reader's language.
    pub t: Translator,
    /// The title in the tab of the browser.
    pub title: String,
    /// Which entry of the navigation is lit.
    pub section: &'static str,
    /// The workspace's name.
    pub workspace: String,
    /// Who is signed in.
    pub account: String,
    /// The word of their role.
    pub role: &'static str,
    /// The token that every form carries.
    pub csrf: String,
    /// May connect, configure and manage members.
    pub may_configure: bool,
    /// May change pages and retry.
    pub may_edit: bool,
    /// Unread messages.
    pub unread: i64,
    /// Deliveries that were given up.
    pub failed: i64,
    /// What was just done; a word under `done-{word}`.
    pub done: Option<String>,
}

/// The words that an address may carry to say what was just done.
const DONE: [&str; 19] = [
    "saved",
    "created",
    "removed",
    "connected",
    "disconnected",
    "retried",
    "cancelled",
    "language",
    "read",
    "checked",
    "key-removed",
    "member-saved",
    "account-saved",
    "password",
    "sync-asked",
    "import-asked",
    "company-import-saved",
    "company-import-stopped",
    "draft-discarded",
];

impl ConsoleFrame {
    /// The frame of a page of the console; `title` is a key.
    pub async fn new(
        state: &AppState,
        session: &SignedIn,
        section: &'static str,
        title: &str,
    ) -> Result<Self, PageError> {
        let read = state.database.read();
        let workspace = session.account.workspace;
        let counts = storage::delivery::deliveries::count_by_state(&read, workspace).await?;
        let failed = counts.iter().find(|(state, _)| *state == DeliveryState::Failed).map_or(0, |(_, n)| *n);
        Ok(Self {
            t: session.words.clone(),
            title: session.words.text(title),
            section,
            workspace: session.workspace.name.clone(),
            account: session.account.name.clone(),
            role: session.account.role.name(),
            csrf: session.csrf.clone(),
            may_configure: session.account.role.may_configure(),
            may_edit: session.account.role.may_edit(),
            unread: storage::notification::inbox::count_unread(&read, workspace).await?,
            failed,
            done: session.done.clone().filter(|word| DONE.contains(&word.as_str())),
        })
    }

    /// The entries of the navigation: key, address, and a count that calls for attention.
    pub fn entries(&self) -> Vec<(&'static str, &'static str, i64)> {
        let mut entries = vec![
            ("overview", "/console", 0),
            ("bookings", "/console/bookings", 0),
            ("errors", "/console/errors", self.failed),
            ("pages", "/console/pages", 0),
            ("settings", "/console/settings", 0),
            ("synced-fields", "/console/synced-fields", 0),
            ("companies", "/console/companies", 0),
            ("engagement-lists", "/console/engagement-lists", 0),
            ("connection", "/console/connection", 0),
            ("dry-run", "/console/dry-run", 0),
            ("members", "/console/members", 0),
            ("notices", "/console/notices", self.unread),
            ("notifications", "/console/notifications", 0),
        ];
        if self.may_configure {
            entries.push(("api-keys", "/console/api-keys", 0));
            entries.push(("audit", "/console/audit", 0));
        }
        entries
    }
}
