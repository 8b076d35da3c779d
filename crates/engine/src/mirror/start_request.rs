//! What a run asks before anything else: whether the fields are still there, what was deleted, and what changed.

use crate::mirror::deletion_report;
use crate::mirror::deletion_report::DeletionReport;
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::{Stream, VisibleFields};
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::describe_cache::DescribeCache;
use domain::mirror::PullPlan;
use domain::value::Timestamp;
use salesforce::{CompositeRequest, CompositeResponse, Error, Response, Subrequest};

/// Bytes of an answer to everything together, which is in memory as a whole. Where hundreds of thousands were deleted,
/// or texts are long, it would be more.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;
/// What is asked for the org's clock alone.
const CLOCK: &str = "SELECT Id FROM Organization";

/// The questions of one beginning.
pub(crate) struct StartRequest<'q> {
    pub(crate) known: &'q DescribeCache,
    pub(crate) streams: &'q [Stream],
    /// How each stream is brought up to date.
    pub(crate) planned: &'q [(PullPlan, VisibleFields)],
    /// What changed, each with its stream's place.
    pub(crate) queries: &'q [(usize, String)],
    pub(crate) now: Timestamp,
}

impl StartRequest<'_> {
    /// Asks in one call, which is one of the day's calls however many parts it has; in a few where its answer is too
    /// long. What was deleted is always asked before what changed.
    pub(crate) async fn send(
        self,
        asking: &mut OrgClient<'_>,
    ) -> Result<(Response<CompositeResponse>, Vec<DeletionReport>), PullFailure> {
        let mut together = self.of_fields()?;
        for (place, (stream, plan)) in self.plans().enumerate() {
            deletion_report::request(&mut together, place, stream, plan, self.now)?;
        }
        self.add_changes(&mut together)?;
        let sent = &together;
        let answer = asking
            .call(|client| async move { client.with_largest_answer(MAX_BATCH_BYTES).composite(sent).await });
        match answer.await {
            Err(OrgCallError::Org(Error::TooLong { .. })) => self.send_separately(asking).await,
            answer => {
                let answer = answer?;
                let told = self.plans().enumerate();
                let told = told.map(|(place, (_, plan))| deletion_report::read(&answer.value, place, plan));
                let told = told.collect();
                Ok((answer, told))
            }
        }
    }

    async fn send_separately(
        self,
        asking: &mut OrgClient<'_>,
    ) -> Result<(Response<CompositeResponse>, Vec<DeletionReport>), PullFailure> {
        let mut told = Vec::new();
        for (stream, plan) in self.plans() {
            told.push(deletion_report::request_separately(asking, stream, plan, self.now).await?);
        }
        let mut rest = self.of_fields()?;
        self.add_changes(&mut rest)?;
        if rest.is_empty() {
            rest.push("clock", Subrequest::query(CLOCK)).map_err(Error::from)?;
        }
        let sent = &rest;
        Ok((asking.call(|client| async move { client.composite(sent).await }).await?, told))
    }

    fn plans(&self) -> impl Iterator<Item = (&Stream, &PullPlan)> {
        self.streams.iter().zip(self.planned.iter().map(|(plan, _)| plan))
    }

    fn of_fields(&self) -> Result<CompositeRequest, Error> {
        let mut request = CompositeRequest::new().in_order();
        self.known.check_in(&mut request)?;
        Ok(request)
    }

    fn add_changes(&self, request: &mut CompositeRequest) -> Result<(), Error> {
        for (place, soql) in self.queries {
            let part = Subrequest::query_with(soql, self.streams[*place].query_options());
            request.push(&name(*place), part)?;
        }
        Ok(())
    }
}

/// The name of what changed of a stream.
pub(crate) fn name(place: usize) -> String {
    format!("changes{place}")
}
