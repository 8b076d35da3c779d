//! A query's rows page by page, counted (contract 2.9).

use serde::{Deserialize, Serialize};

use crate::{Client, Error, QueryOptions, QueryPage, Response};

/// The pages of one query, one call each.
///
/// ```no_run
/// # async fn example(client: salesforce::Client) -> Result<(), salesforce::QueryPagesError> {
/// let mut pages = client.query_pages("SELECT Id, Name FROM Account", Default::default());
/// while let Some(page) = pages.next().await? {
///     println!("{} of {} rows", page.value.records.len(), page.value.total_size);
/// }
/// # Ok(()) }
/// ```
///
/// The end is only reached when as many rows have come as the org told. After an error, [`QueryPages::next`] asks
/// for the same page again: nothing is lost and nothing comes twice.
#[derive(Debug, Clone)]
pub struct QueryPages {
    client: Client,
    options: QueryOptions,
    next: Next,
    /// The first page, when it has come together with those of other queries.
    held: Option<Response<QueryPage>>,
    rows_read: u64,
    total_size: Option<u64>,
}

/// What gives the next page.
#[derive(Debug, Clone)]
enum Next {
    Query(String),
    Page(String),
    Nothing,
}

/// Where to go on when the pages so far have been dealt with; good for about two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryPosition {
    /// Where the next page is.
    pub next_records_url: String,
    /// Rows on the pages so far.
    pub rows_read: u64,
    /// Rows the org told on the first page.
    pub total_size: u64,
}

/// Why there is no next page although there should be one, or why it cannot be trusted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QueryPagesError {
    /// The call failed. `INVALID_QUERY_LOCATOR` says that the position is too old, or was another session's.
    #[error(transparent)]
    Call(#[from] Error),
    /// The last page has been reached with another number of rows than told; it is kept back.
    ///
    /// Rows that were deleted meanwhile can be the reason. `COUNT()`, which gives no rows, is for
    /// [`Client::query`].
    #[error("{read} rows were read where the org told of {total}")]
    RowCount {
        /// Rows read, those of the last page included.
        read: u64,
        /// Rows told.
        total: u64,
    },
    /// A page told of another number of rows in all than the first one.
    #[error("the org told of {before} rows in all, then of {after}")]
    TotalChanged {
        /// Rows told on the first page.
        before: u64,
        /// Rows told now.
        after: u64,
    },
    /// A page said that there are more, but not where, or led back to itself.
    #[error("after {read} of {total} rows the org did not say where the next page is")]
    NoNextPage {
        /// Rows read, those of this page included.
        read: u64,
        /// Rows told.
        total: u64,
    },
}

impl Client {
    /// Starts reading a query's rows page by page. Nothing is sent before the first [`QueryPages::next`].
    pub fn query_pages(&self, soql: &str, options: QueryOptions) -> QueryPages {
        QueryPages::new(self, options, Next::Query(soql.to_owned()))
    }

    /// Goes on from a position that was kept.
    pub fn resume_query_pages(&self, position: QueryPosition, options: QueryOptions) -> QueryPages {
        let QueryPosition { next_records_url, rows_read, total_size } = position;
        let pages = QueryPages::new(self, options, Next::Page(next_records_url));
        QueryPages { rows_read, total_size: Some(total_size), ..pages }
    }
}

impl QueryPages {
    fn new(client: &Client, options: QueryOptions, next: Next) -> Self {
        Self { client: client.clone(), options, next, held: None, rows_read: 0, total_size: None }
    }

    /// The pages with the first one, which has come already, as in a composite.
    pub fn holding(self, first: Response<QueryPage>) -> Self {
        Self { held: Some(first), ..self }
    }

    /// Fetches the next page; `None` when every row has come.
    ///
    /// # Errors
    /// [`QueryPagesError`]; calling again asks for the same page again.
    pub async fn next(&mut self) -> Result<Option<Response<QueryPage>>, QueryPagesError> {
        let (answer, asked) = match (&self.next, self.held.take()) {
            (Next::Nothing, _) => return Ok(None),
            (Next::Page(url), _) => (self.client.query_next(url, self.options).await?, Some(url)),
            (Next::Query(_), Some(held)) => (held, None),
            (Next::Query(soql), None) => (self.client.query_first(soql, self.options).await?, None),
        };
        let page = &answer.value;
        let total = self.total_size.unwrap_or(page.total_size);
        let read = self.rows_read + page.records.len() as u64;
        if page.total_size != total {
            return Err(QueryPagesError::TotalChanged { before: total, after: page.total_size });
        }
        let next = match &page.next_records_url {
            Some(next) if Some(next) != asked => Next::Page(next.clone()),
            None if page.done => Next::Nothing,
            _ => return Err(QueryPagesError::NoNextPage { read, total }),
        };
        if read > total || (matches!(next, Next::Nothing) && read < total) {
            return Err(QueryPagesError::RowCount { read, total });
        }
        (self.next, self.rows_read, self.total_size) = (next, read, Some(total));
        Ok(Some(answer))
    }

    /// Where to go on after the pages that have been given out; `None` before the first and after the last.
    pub fn position(&self) -> Option<QueryPosition> {
        match (&self.next, self.total_size) {
            (Next::Page(url), Some(total_size)) => {
                Some(QueryPosition { next_records_url: url.clone(), rows_read: self.rows_read, total_size })
            }
            _ => None,
        }
    }

    /// Rows on the pages that have been given out.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// Rows in all as the page tells that has come already, before it is given out.
    pub fn held_total(&self) -> Option<u64> {
        self.held.as_ref().map(|held| held.value.total_size)
    }

    /// Rows in all, once the first page has told.
    pub fn total_size(&self) -> Option<u64> {
        self.total_size
    }

    /// Goes on with another client, as when the session has expired.
    pub fn use_client(&mut self, client: Client) {
        self.client = client;
    }
}
