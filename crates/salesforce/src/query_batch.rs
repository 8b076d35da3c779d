//! Several queries in one call (contract 2.8).

use crate::{Client, CompositeRequest, Error, QueryOptions, QueryPages, Response, Subrequest};

impl Client {
    /// Runs up to five queries in one call, each with its own outcome, in the order given.
    ///
    /// What comes back holds its first page already; the others cost a call each.
    ///
    /// # Errors
    /// Any [`Error`] for the call as a whole; [`Error::InvalidRequest`] for none or too many queries.
    pub async fn query_batch(
        &self,
        queries: &[&str],
        options: QueryOptions,
    ) -> Result<Vec<Result<QueryPages, Error>>, Error> {
        let name = |place: usize| format!("query{place}");
        let mut request = CompositeRequest::new();
        for (place, soql) in queries.iter().enumerate() {
            request.push(&name(place), Subrequest::query_with(soql, options))?;
        }
        let answer = self.composite(&request).await?;
        let (api_usage, server_time) = (answer.api_usage, answer.server_time);
        let pages = |(place, soql): (usize, &&str)| {
            let value = answer.value.get(&name(place))?.query_page()?;
            Ok(self.query_pages(soql, options).holding(Response { value, api_usage, server_time }))
        };
        Ok(queries.iter().enumerate().map(pages).collect())
    }
}
