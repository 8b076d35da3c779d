//! Fetching a few records by their ids, because something else has told that they may be other than kept.

use crate::mirror::model::checkpoint::Checkpoint;
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::compare::Staged;
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pull::Pull;
use domain::mirror::MirrorRow;
use salesforce::soql::{Condition, Select};
use salesforce::{CompositeRequest, Error, QueryOptions, QueryPage, Subrequest};
use storage::mirror::streams::Mirror;

/// Ids in one query.
pub(crate) const IDS_A_QUERY: usize = 200;
/// Queries in one call.
const QUERIES_A_CALL: usize = 5;

impl Pull<'_> {
    /// The pages of queries by ids, five queries a call.
    pub(crate) async fn by_ids(
        &mut self,
        ids: &[String],
        select: impl Fn() -> Select,
        by: &str,
        all_rows: bool,
    ) -> Result<Vec<QueryPage>, PullFailure> {
        let options = QueryOptions { all_rows, batch_size: None };
        let mut found = Vec::new();
        for together in ids.chunks(IDS_A_QUERY * QUERIES_A_CALL) {
            let mut request = CompositeRequest::new();
            for (place, some) in together.chunks(IDS_A_QUERY).enumerate() {
                let condition = Condition::is_in(by, some.iter().map(String::as_str));
                let soql = select().filter(condition).build()?;
                let part = Subrequest::query_with(&soql, options);
                request.push(&format!("ids{place}"), part).map_err(Error::from)?;
            }
            let sent = &request;
            let answer = self.asking.call(|client| async move { client.composite(sent).await }).await?;
            for result in answer.value.results() {
                let mut page = result.query_page()?;
                while let Some(next) = page.next_records_url.take() {
                    let next = next.as_str();
                    found.push(page);
                    let more = self.asking.call(|client| async move { client.query_more(next).await });
                    page = more.await?.value;
                }
                found.push(page);
            }
        }
        Ok(found)
    }

    /// Fetches records by their ids and compares them; gives the ids of those that came.
    pub(crate) async fn refetch(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        ids: &[String],
    ) -> Result<(Staged, Vec<String>), PullFailure> {
        let reader = Reader::of_rows(stream, &work.shown, false);
        let select = || stream.select(reader.columns().paths());
        let pages = self.by_ids(ids, select, "Id", false).await?;
        let now = self.engine.clock.now();
        let mut rows: Vec<MirrorRow> = Vec::new();
        for record in pages.iter().flat_map(|page| &page.records) {
            match reader.row(reader.columns().read_record(record), now) {
                Ok(Some(row)) => rows.push(row),
                Ok(None) | Err(_) => self.keeping.receipt.failed += 1,
            }
        }
        let came = rows.iter().map(|row| row.record_id.clone()).collect();
        Ok((self.keeping.comparison(stream, mirror, work).compare(rows).await?, came))
    }
}
