//! Where rows come from: pages of a query, or the result of a query job, whichever costs fewer calls.

use crate::mirror::model::batch::Batch;
use crate::mirror::model::position::Position;
use crate::mirror::model::source_error::SourceError;
use crate::mirror::pipeline::bulk_reader::read_some;
use crate::mirror::pipeline::row_reader::Reader;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::retry::RetryState;
use domain::mirror::{Transport, transport};
use domain::value::Timestamp;
use salesforce::bulk_query::{BulkRows, QueryOperation, poll_pause};
use salesforce::{QueryOptions, QueryPages, QueryPagesError, SalesforceId};

/// The rows of one query, some at a time.
pub(crate) struct Source {
    /// How many there are, as the org says.
    pub(crate) expected: u64,
    from: SourceState,
}

enum SourceState {
    Pages(Box<QueryPages>),
    /// A job that the org still works on, and how often it was asked.
    Waiting(SalesforceId, u32),
    Rows(Box<BulkRows>),
    Over,
}

/// Deleted rows too, or only those that are there.
const fn options(all_rows: bool) -> QueryOptions {
    QueryOptions { all_rows, batch_size: None }
}

impl Source {
    /// Asks, decides by the number of records how they are to come, and tells the org's clock.
    ///
    /// When about that many are `likely` that a job is called for, no page is asked for that would be thrown away.
    pub(crate) async fn begin(
        asking: &mut OrgClient<'_>,
        soql: &str,
        all_rows: bool,
        likely: Option<u64>,
    ) -> Result<(Self, Option<Timestamp>), SourceError> {
        if let Some(expected) = likely
            && transport(expected, asking.remaining_budget()) == Some(Transport::Job)
        {
            let (id, org_now) = make_job(asking, soql, all_rows).await?;
            return Ok((Self { expected, from: SourceState::Waiting(id, 0) }, org_now));
        }
        let options = options(all_rows);
        let mut pages = asking.client().query_pages(soql, options);
        let mut trouble = RetryState::default();
        let first = loop {
            match pages.next().await {
                Ok(first) => break first,
                Err(QueryPagesError::Call(error)) => asking.recover_or_fail(error, &mut trouble).await?,
                Err(error) => return Err(SourceError::Pages(error)),
            }
            pages.use_client(asking.client());
        };
        let Some(first) = first else { return Ok((Self { expected: 0, from: SourceState::Over }, None)) };
        asking.note(&first);
        let org_now = first.server_time.map(Timestamp::from_jiff);
        let pages = asking.client().query_pages(soql, options).holding(first);
        Ok((Self::of_pages(asking, pages, soql, all_rows).await?, org_now))
    }

    /// Goes on from a first page that has come already.
    pub(crate) async fn of_pages(
        asking: &mut OrgClient<'_>,
        pages: QueryPages,
        soql: &str,
        all_rows: bool,
    ) -> Result<Self, SourceError> {
        let expected = pages.held_total().unwrap_or(0);
        let spare = asking.remaining_budget();
        let from = match transport(expected, spare) {
            None => return Err(asking.budget_error().into()),
            Some(Transport::Pages) => SourceState::Pages(Box::new(pages)),
            Some(Transport::Job) => SourceState::Waiting(make_job(asking, soql, all_rows).await?.0, 0),
        };
        Ok(Self { expected, from })
    }

    /// Goes on where an earlier worker was.
    pub(crate) fn resume(
        asking: &OrgClient<'_>,
        position: Position,
        all_rows: bool,
        reader: &Reader,
    ) -> Self {
        let client = asking.client();
        match position {
            Position::Page(position) => {
                let expected = position.total_size;
                let pages = client.resume_query_pages(position, options(all_rows));
                Self { expected, from: SourceState::Pages(Box::new(pages)) }
            }
            Position::Job(id) => Self { expected: 0, from: SourceState::Waiting(id, 0) },
            Position::Rows(position) => {
                let expected = position.total;
                let rows = client.resume_query_job_rows(position, reader.columns().clone());
                Self { expected, from: SourceState::Rows(Box::new(rows)) }
            }
            Position::Over => Self { expected: 0, from: SourceState::Over },
        }
    }

    /// Where to go on behind the rows that were given out; `None` when only the beginning will do.
    pub(crate) fn position(&self) -> Option<Position> {
        match &self.from {
            SourceState::Pages(pages) => pages.position().map(Position::Page),
            SourceState::Waiting(id, _) => Some(Position::Job(*id)),
            SourceState::Rows(rows) => Some(Position::Rows(rows.position().clone())),
            SourceState::Over => Some(Position::Over),
        }
    }

    /// The next rows, which may be none while a job is waited for; `None` when all have come.
    pub(crate) async fn next(
        &mut self,
        asking: &mut OrgClient<'_>,
        reader: &Reader,
        now: Timestamp,
    ) -> Result<Option<Batch>, SourceError> {
        match std::mem::replace(&mut self.from, SourceState::Over) {
            SourceState::Over => Ok(None),
            SourceState::Pages(mut pages) => {
                let batch = page(asking, &mut pages, reader, now).await?;
                if pages.position().is_some() {
                    self.from = SourceState::Pages(pages);
                }
                Ok(batch)
            }
            SourceState::Waiting(id, polls) => {
                tokio::time::sleep(poll_pause(polls).min(asking.longest_pause())).await;
                let seen = asking.call(|client| async move { client.query_job(&id).await }).await?.value;
                self.from = if seen.is_complete()? {
                    self.expected = seen.number_records_processed.unwrap_or(self.expected);
                    SourceState::Rows(Box::new(
                        asking.client().query_job_rows(&seen, reader.columns().clone())?,
                    ))
                } else {
                    SourceState::Waiting(id, polls + 1)
                };
                Ok(Some(Batch::default()))
            }
            SourceState::Rows(rows) => {
                let (rows, batch, is_last) = read_some(asking, rows, reader, now).await?;
                if is_last {
                    let id = rows.position().job;
                    // Its result would be kept for a week; that it could not be deleted changes nothing.
                    let _ = asking.call(|client| async move { client.delete_query_job(&id).await }).await;
                } else {
                    self.from = SourceState::Rows(rows);
                }
                Ok(Some(batch))
            }
        }
    }
}

/// Makes a query job, and tells the org's clock.
async fn make_job(
    asking: &mut OrgClient<'_>,
    soql: &str,
    all_rows: bool,
) -> Result<(SalesforceId, Option<Timestamp>), OrgCallError> {
    let operation = if all_rows { QueryOperation::QueryAll } else { QueryOperation::Query };
    let job = asking.call(|client| async move { client.create_query_job(soql, operation).await }).await?;
    Ok((job.value.id, job.server_time.map(Timestamp::from_jiff)))
}

async fn page(
    asking: &mut OrgClient<'_>,
    pages: &mut QueryPages,
    reader: &Reader,
    now: Timestamp,
) -> Result<Option<Batch>, SourceError> {
    let mut trouble = RetryState::default();
    let answer = loop {
        match pages.next().await {
            Ok(Some(answer)) => break answer,
            Ok(None) => return Ok(None),
            Err(QueryPagesError::Call(error)) => asking.recover_or_fail(error, &mut trouble).await?,
            Err(error) => return Err(SourceError::Pages(error)),
        }
        pages.use_client(asking.client());
    };
    asking.note(&answer);
    let mut batch = Batch::default();
    for record in &answer.value.records {
        batch.take(reader.row(reader.columns().read_record(record), now));
    }
    Ok(Some(batch))
}
