//! A list of the console: what it has to bring, and its rows a page at a time.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::cell::Cell;
use domain::list::{Key, Request, Spec};
use std::future::Future;
use storage::list::Page;

/// One row.
#[derive(Clone, Debug, Default)]
pub struct ListRow {
    /// Its ID, for what is done with several rows; empty when nothing can be done with this one.
    pub id: String,
    /// Where it leads; empty for nowhere.
    pub address: String,
    /// The cells of all columns, by their keys.
    pub cells: Vec<(&'static str, Cell)>,
    /// Stands out: it is new, or calls for attention.
    pub is_marked: bool,
}

/// A page of rows.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The rows.
    pub rows: Vec<ListRow>,
    /// The page before ends before this one.
    pub before: Option<Key>,
    /// The next page begins after this one.
    pub after: Option<Key>,
    /// How many there are on all pages; `None` where that isn't known.
    pub count: Option<i64>,
}

impl Loaded {
    /// Rows from a page of the storage.
    pub fn of<T>(page: Page<T>, row: impl FnMut(T) -> ListRow) -> Self {
        Self {
            before: page.before,
            after: page.after,
            count: Some(page.count),
            rows: page.rows.into_iter().map(row).collect(),
        }
    }
}

/// A button for the rows that are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// Its text's key.
    pub text: &'static str,
    /// Where the chosen rows are sent, as `id`.
    pub action: &'static str,
    /// Its icon.
    pub icon: &'static str,
}

/// A list.
pub trait List: Sized + Send + Sync + 'static {
    /// What it shows and what can be asked of it.
    const SPEC: Spec;

    /// A page of it.
    fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> impl Future<Output = Result<Loaded, PageError>> + Send;

    /// The workspace's own things that a filter offers: ID and name.
    fn things(
        _state: &AppState,
        _session: &SignedIn,
        _filter: &str,
    ) -> impl Future<Output = Result<Vec<(String, String)>, PageError>> + Send {
        async { Ok(Vec::new()) }
    }

    /// What this person may do with several rows.
    fn bulk(_session: &SignedIn, _request: &Request) -> Vec<Bulk> {
        Vec::new()
    }
}
