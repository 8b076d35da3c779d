//! A query's rows page by page.

use serde_json::Value;

use super::query::MAX_PAGE;
use super::{EngagementClient, EngagementError, EngagementPage, EngagementQuery};
use crate::{Record, Response};

/// The pages of one query, one call each, each behind the highest id of the one before.
///
/// After an error, [`EngagementPages::next`] asks for the same page again.
#[derive(Debug, Clone)]
pub struct EngagementPages {
    client: EngagementClient,
    query: EngagementQuery,
    last_id: u64,
    has_ended: bool,
}

impl EngagementClient {
    /// Starts reading the rows of a query, lowest id first. Nothing is sent before the first page is asked for.
    pub fn query_pages(&self, query: EngagementQuery) -> EngagementPages {
        self.query_pages_after(query, 0)
    }

    /// Starts reading the rows of a query behind an id.
    pub fn query_pages_after(&self, query: EngagementQuery, id: u64) -> EngagementPages {
        EngagementPages::new(self, query, id)
    }
}

impl EngagementPages {
    pub(super) fn new(client: &EngagementClient, query: EngagementQuery, after_id: u64) -> Self {
        Self { client: client.clone(), query, last_id: after_id, has_ended: false }
    }

    /// Fetches the next page; `None` when there are no more rows.
    ///
    /// # Errors
    /// [`EngagementError`]
    pub async fn next(&mut self) -> Result<Option<Response<Vec<Record>>>, EngagementError> {
        if self.has_ended {
            return Ok(None);
        }
        let answer = self.client.query(&self.query, self.last_id).await?;
        let last_id = last_id(&answer.value, self.last_id)?;
        // A page can be shorter than asked for, and a full one can be the last.
        self.has_ended = !answer.value.has_more() && answer.value.values.len() < MAX_PAGE;
        self.last_id = last_id;
        if answer.value.values.is_empty() {
            return Ok(None);
        }
        Ok(Some(answer.map(|page| page.values)))
    }

    /// The highest id so far: where [`EngagementClient::query_pages_after`] goes on.
    pub fn last_id(&self) -> u64 {
        self.last_id
    }

    /// Whether the last page has come.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Goes on with another client, as when the session has expired.
    pub fn use_client(&mut self, client: EngagementClient) {
        self.client = client;
    }
}

/// The highest id of a page whose ids must all rise above the one before.
fn last_id(page: &EngagementPage, after: u64) -> Result<u64, EngagementError> {
    let wrong = EngagementError::OutOfOrder { after };
    if page.values.is_empty() && page.has_more() {
        return Err(wrong);
    }
    page.values.iter().try_fold(after, |last, row| {
        let id = row.get("id").and_then(Value::as_u64).filter(|id| *id > last);
        id.ok_or_else(|| wrong.clone())
    })
}
