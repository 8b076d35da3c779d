//! What a run asks before anything else: whether the fields are still there, what was deleted, and what changed.

use super::asking::{AskError, Asking};
use super::deletion_log::{self, Told};
use super::descriptions::Known;
use super::failure::Failure;
use super::opening::options;
use super::stream::{Shown, Stream};
use domain::pull::Plan;
use domain::timestamp::Timestamp;
use salesforce::{Answer, CompositeRequest, CompositeResponse, Error, Subrequest};

/// Bytes of an answer to everything together, which is in memory as a whole. Where hundreds of thousands were deleted,
/// or texts are long, it would be more.
const LARGEST_TOGETHER: usize = 8 * 1024 * 1024;
/// What is asked for the org's clock alone.
const CLOCK: &str = "SELECT Id FROM Organization";

/// The questions of one beginning.
pub(super) struct Questions<'q> {
    pub(super) known: &'q Known,
    pub(super) streams: &'q [Stream],
    /// How each stream is brought up to date.
    pub(super) planned: &'q [(Plan, Shown)],
    /// What changed, each with its stream's place.
    pub(super) queries: &'q [(usize, String)],
    pub(super) now: Timestamp,
}

impl Questions<'_> {
    /// Asks in one call, which is one of the day's calls however many parts it has; in a few where its answer is too
    /// long. What was deleted is always asked before what changed.
    pub(super) async fn ask(
        self,
        asking: &mut Asking<'_>,
    ) -> Result<(Answer<CompositeResponse>, Vec<Told>), Failure> {
        let mut together = self.of_fields()?;
        for (place, (stream, plan)) in self.plans().enumerate() {
            deletion_log::ask(&mut together, place, stream, plan, self.now)?;
        }
        self.add_changes(&mut together)?;
        let sent = &together;
        let answer = asking
            .ask(|client| async move { client.with_largest_answer(LARGEST_TOGETHER).composite(sent).await });
        match answer.await {
            Err(AskError::Org(Error::TooLong { .. })) => self.ask_apart(asking).await,
            answer => {
                let answer = answer?;
                let told = self.plans().enumerate();
                let told = told.map(|(place, (_, plan))| deletion_log::read(&answer.value, place, plan));
                let told = told.collect();
                Ok((answer, told))
            }
        }
    }

    async fn ask_apart(
        self,
        asking: &mut Asking<'_>,
    ) -> Result<(Answer<CompositeResponse>, Vec<Told>), Failure> {
        let mut told = Vec::new();
        for (stream, plan) in self.plans() {
            told.push(deletion_log::ask_apart(asking, stream, plan, self.now).await?);
        }
        let mut rest = self.of_fields()?;
        self.add_changes(&mut rest)?;
        if rest.is_empty() {
            rest.push("clock", Subrequest::query(CLOCK)).map_err(Error::from)?;
        }
        let sent = &rest;
        Ok((asking.ask(|client| async move { client.composite(sent).await }).await?, told))
    }

    fn plans(&self) -> impl Iterator<Item = (&Stream, &Plan)> {
        self.streams.iter().zip(self.planned.iter().map(|(plan, _)| plan))
    }

    fn of_fields(&self) -> Result<CompositeRequest, Error> {
        let mut request = CompositeRequest::new().in_order();
        self.known.check_in(&mut request)?;
        Ok(request)
    }

    fn add_changes(&self, request: &mut CompositeRequest) -> Result<(), Error> {
        for (place, soql) in self.queries {
            let part = Subrequest::query_with(soql, options(&self.streams[*place]));
            request.push(&name(*place), part)?;
        }
        Ok(())
    }
}

/// The name of what changed of a stream.
pub(super) fn name(place: usize) -> String {
    format!("changes{place}")
}
