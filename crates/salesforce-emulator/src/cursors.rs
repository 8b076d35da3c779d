//! Query results that are fetched page by page.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::org::ids::RecordId;
use crate::soql::prepared::Prepared;

/// Seconds a cursor lives.
const LIFETIME_SECONDS: i64 = 2 * 86_400;

/// One result, stored for its remaining pages.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    /// The query.
    pub(crate) prepared: Arc<Prepared>,
    /// Every record of the result, in order.
    pub(crate) ids: Arc<Vec<RecordId>>,
    /// Rows on a page.
    pub(crate) page: usize,
    /// Whether deleted records are shown.
    pub(crate) all_rows: bool,
    created: Timestamp,
}

/// Results that have not been fetched to the end.
#[derive(Debug, Default)]
pub(crate) struct Cursors {
    open: HashMap<String, Cursor>,
    made: u64,
}

impl Cursors {
    /// Stores a result and returns its opaque name.
    pub(crate) fn insert(
        &mut self,
        prepared: Arc<Prepared>,
        ids: Vec<RecordId>,
        page: usize,
        all_rows: bool,
        now: Timestamp,
    ) -> String {
        self.open.retain(|_, cursor| now.as_second() - cursor.created.as_second() <= LIFETIME_SECONDS);
        self.made += 1;
        let name = RecordId::numbered("0r8", self.made).to_string();
        let cursor = Cursor { prepared, ids: Arc::new(ids), page, all_rows, created: now };
        self.open.insert(name.clone(), cursor);
        name
    }

    /// A stored result and the row a locator such as `0r8…-2000` continues at.
    pub(crate) fn find(&self, locator: &str, now: Timestamp) -> Option<(String, Cursor, usize)> {
        let (name, offset) = locator.rsplit_once('-')?;
        let offset = offset.parse().ok()?;
        let cursor = self
            .open
            .get(name)
            .filter(|cursor| now.as_second() - cursor.created.as_second() <= LIFETIME_SECONDS)?;
        (offset <= cursor.ids.len()).then(|| (name.to_owned(), cursor.clone(), offset))
    }
}
