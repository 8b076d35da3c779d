//! The frames around every page: the public one and the console's.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::bell::{self, BellLine};
use crate::ui::navigation::{self, Entry, MENU};
use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use domain::value::Language;

impl PublicFrame {
    /// A page in the name of a team or the product.
    pub fn new(t: Translator, title: String, brand: String) -> Self {
        Self { t, title, brand, switch: None, switch_form: "", look: None }
    }
}

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
    /// The form that is sent along when the language is switched, so that nothing typed is lost; empty for a link.
    pub switch_form: &'static str,
    /// How the workspace's pages look.
    pub look: Option<Look>,
}

/// The workspace's own colour and logo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The address of its style sheet; empty for ours.
    pub style: String,
    /// The address of its logo; empty for none.
    pub logo: String,
    /// Its name; empty for the team's.
    pub name: String,
}

/// A page above this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Its address; empty where there is nothing to open.
    pub address: String,
}

/// How the thing of a page stands, beside its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The class of its chip.
    pub tone: &'static str,
    /// The word.
    pub text: String,
}

/// The frame of a console page.
#[derive(Clone, Debug)]
pub struct ConsoleFrame {
    /// Texts in the reader's language.
    pub t: Translator,
    /// What the page shows by its own name: the heading, and the title in the tab of the browser.
    pub title: String,
    /// How it stands.
    pub status: Option<Status>,
    /// The pages above it.
    pub crumbs: Vec<Crumb>,
    /// Which entry of the menu is lit.
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
    /// The unread messages by cause.
    pub bell: Vec<BellLine>,
    /// Deliveries that were given up.
    pub failed: i64,
    /// What was just done; a word under `done-{word}`.
    pub done: Option<String>,
    /// Where that is taken back, and what is sent there.
    pub undo: Option<(&'static str, String)>,
}

/// The words that an address may carry to say what was just done.
pub const DONE: [&str; 51] = [
    "list-replaced",
    "delivering",
    "not-released",
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
    "none-chosen",
    "ignored",
    "reopened",
    "some-read",
    "view-saved",
    "too-many-views",
    "view-removed",
    "undone",
    "import-row-removed",
    "released",
    "published",
    "restored",
    "archived",
    "unarchived",
    "link-made",
    "link-ended",
    "nothing-to-undo",
    "people-sync-started",
    "people-sync-stopped",
    "people-preview-asked",
    "people-confirmed",
    "people-imported",
    "people-merged",
    "people-unmerged",
    "person-deleted",
    "person-erased",
    "person-retried",
    "conflict-undone",
    "mailing-started",
];

/// What was just done and can be taken back, and where that is asked for.
const UNDO: [(&str, &str); 3] = [
    ("ignored", "/console/errors/unignore"),
    ("view-removed", "/console/views/restore"),
    ("import-row-removed", "/console/companies/import/restore"),
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
        let t = &session.words;
        Ok(Self {
            title: t.text(title),
            status: None,
            crumbs: crumbs(t, section, title),
            section,
            workspace: session.workspace.name.clone(),
            account: session.account.name.clone(),
            role: session.account.role.name(),
            csrf: session.csrf.clone(),
            may_configure: session.account.role.may_configure(),
            may_edit: session.account.role.may_edit(),
            unread: storage::notification::inbox::count_unread(&read, workspace).await?,
            bell: bell::lines(t, &read, workspace).await?,
            failed: storage::delivery::ignored::count_open(&read, workspace).await?,
            done: session.done.clone().filter(|word| DONE.contains(&word.as_str())),
            undo: undo(session),
            t: session.words.clone(),
        })
    }

    /// The same frame for a thing with a name of its own, which becomes the page's title.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.title = name.into();
        self
    }

    /// The same frame with one more page above this one.
    #[must_use]
    pub fn under(mut self, label: impl Into<String>, address: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), address: address.into() });
        self
    }

    /// The same frame with a word beside the title that tells how the thing stands.
    #[must_use]
    pub fn standing(mut self, tone: &'static str, text: String) -> Self {
        self.status = Some(Status { tone, text });
        self
    }

    /// The groups of the menu with the entries that this person may open.
    pub fn menu(&self) -> Vec<(&'static str, Vec<Entry>)> {
        MENU.iter()
            .map(|group| {
                let may_open = |entry: &&Entry| self.may_configure || !entry.is_for_admins;
                (group.key, group.entries.iter().filter(may_open).copied().collect())
            })
            .collect()
    }

    /// A count beside an entry that calls for attention.
    pub fn count_of(&self, entry: &Entry) -> i64 {
        if entry.key == "errors" { self.failed } else { 0 }
    }

    /// The first letter of a name, in place of a portrait.
    pub fn initial(&self) -> String {
        self.account.chars().next().map(String::from).unwrap_or_default()
    }
}

fn undo(session: &SignedIn) -> Option<(&'static str, String)> {
    let done = session.done.as_deref()?;
    let (_, address) = UNDO.iter().find(|(word, _)| *word == done)?;
    Some((address, session.undo.clone()?))
}

/// The group of an entry, and the entry itself when the page is below it.
fn crumbs(t: &Translator, section: &str, title: &str) -> Vec<Crumb> {
    let Some((group, entry)) = navigation::find(section) else { return Vec::new() };
    let mut crumbs = Vec::new();
    if !group.is_empty() {
        crumbs.push(Crumb { label: t.word("nav-group", group), address: String::new() });
    }
    if title != format!("nav-{section}") {
        crumbs.push(Crumb { label: t.word("nav", entry.key), address: entry.path.to_owned() });
    }
    crumbs
}
