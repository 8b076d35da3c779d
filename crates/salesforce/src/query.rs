//! The `query` resource (contract 2.9).

use http::Method;

use crate::client::Call;
use crate::query_page::query_path;
use crate::{Client, CompositeRequest, Error, QueryOptions, QueryPage, Response, Subrequest};

/// The longest address of a query; longer ones travel in a composite's body.
///
/// An org counts address and headers together and allows 16,384 bytes (contract 2.1).
const MAX_ADDRESS: usize = 12_000;

impl Client {
    /// Runs a query and returns its first page. Queries too long for an address are sent in a composite.
    ///
    /// # Errors
    /// Any [`Error`]; `MALFORMED_QUERY`, `INVALID_FIELD` and `INVALID_TYPE` come as refusals. A field
    /// hidden from the user is refused just like an unknown one.
    pub async fn query(&self, soql: &str) -> Result<Response<QueryPage>, Error> {
        self.query_first(soql, QueryOptions::default()).await
    }

    /// Runs a query over deleted and archived rows too, and returns its first page.
    ///
    /// # Errors
    /// As for [`Client::query`].
    pub async fn query_all(&self, soql: &str) -> Result<Response<QueryPage>, Error> {
        self.query_first(soql, QueryOptions { all_rows: true, ..QueryOptions::default() }).await
    }

    pub(crate) async fn query_first(
        &self,
        soql: &str,
        options: QueryOptions,
    ) -> Result<Response<QueryPage>, Error> {
        let path = query_path(options.resource(), soql);
        if path.len() <= MAX_ADDRESS {
            return self.send_json(Call::new(Method::GET, path).headers(options.header())).await;
        }
        let mut request = CompositeRequest::new();
        let part = Subrequest::query_with(soql, options);
        request.push("query", part)?;
        let answer = self.composite(&request).await?;
        let page = answer.value.get("query")?.query_page()?;
        Ok(answer.map(|_| page))
    }

    /// Fetches the page a `next_records_url` points to.
    ///
    /// # Errors
    /// Any [`Error`]; `INVALID_QUERY_LOCATOR` when it is too old.
    pub async fn query_more(&self, next_records_url: &str) -> Result<Response<QueryPage>, Error> {
        self.query_next(next_records_url, QueryOptions::default()).await
    }

    pub(crate) async fn query_next(
        &self,
        next_records_url: &str,
        options: QueryOptions,
    ) -> Result<Response<QueryPage>, Error> {
        self.send_json(Call::new(Method::GET, next_records_url).headers(options.header())).await
    }

    /// Runs a query and collects the rows of all pages, one call a page.
    ///
    /// The page returned holds every row and is the last. For unbounded results take
    /// [`Client::query_pages`] instead: this keeps all rows in memory.
    ///
    /// # Errors
    /// As for [`Client::query`]; rows of earlier pages are lost then.
    pub async fn query_every_page(&self, soql: &str) -> Result<Response<QueryPage>, Error> {
        let first = self.query(soql).await?;
        self.query_rest(first).await
    }

    /// Fetches all pages that follow one, and returns them together with it.
    ///
    /// # Errors
    /// As for [`Client::query_more`].
    pub async fn query_rest(&self, first: Response<QueryPage>) -> Result<Response<QueryPage>, Error> {
        let mut whole = first;
        while let Some(next) = whole.value.next_records_url.take() {
            let more = self.query_more(&next).await?;
            whole.value.records.extend(more.value.records);
            whole.value.next_records_url = more.value.next_records_url;
            whole.api_usage = more.api_usage.or(whole.api_usage);
            whole.server_time = more.server_time.or(whole.server_time);
        }
        whole.value.done = true;
        Ok(whole)
    }
}
