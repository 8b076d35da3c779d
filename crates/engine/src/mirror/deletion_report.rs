//! What an org says of its changes beside the rows: what was deleted, and how far changes can be told by now.
//!
//! The question travels in the call that asks for the changes, before its queries: what the answer promises holds for
//! what the queries find. `/updated` would tell how far as well, but with the ids of everything that has changed, which
//! may be all there is.

use crate::mirror::model::stream::Stream;
use crate::org::client::{OrgCallError, OrgClient};
use domain::mirror::PullPlan;
use domain::value::Timestamp;
use salesforce::{CompositeRequest, CompositeResponse, Deleted, Error, SubResult, Subrequest};

/// Minutes before now, by our clock, since which a first fetch asks what was deleted: only how far the answer reaches is
/// wanted of it.
const REACH_MINUTES: i64 = 2;
/// Minutes after now, by our clock, until when the question reaches: the org's clock may be ahead of ours. Where it is
/// ahead by more, some rows come twice.
const AHEAD_MINUTES: i64 = 24 * 60;
/// Bytes of an answer that is about one stream alone.
const MAX_SEPARATE_BYTES: usize = 8 * 1024 * 1024;
/// Deleted records that are looked at one by one.
const MAX_DELETED: usize = 2_000;

/// What an org says of one stream's object.
pub(crate) struct DeletionReport {
    /// Until when everything that has changed can be seen; not every org tells.
    pub(crate) covered_until: Option<Timestamp>,
    /// The records that were deleted since the last time; `None` when the org has forgotten some, or they are so many
    /// that looking at all ids costs less.
    pub(crate) gone: Option<Vec<String>>,
}

/// Adds the question to a call.
pub(crate) fn request(
    request: &mut CompositeRequest,
    place: usize,
    stream: &Stream,
    plan: &PullPlan,
    now: Timestamp,
) -> Result<(), Error> {
    let (start, end) = window(plan, now);
    Ok(request.push(&name(place), Subrequest::deleted(&stream.object, start, end)?)?)
}

/// Asks in a call of its own; a log that is too long to read is as good as forgotten.
pub(crate) async fn request_separately(
    asking: &mut OrgClient<'_>,
    stream: &Stream,
    plan: &PullPlan,
    now: Timestamp,
) -> Result<DeletionReport, OrgCallError> {
    let (start, end) = window(plan, now);
    let told = asking.call(|client| async move {
        client.with_largest_answer(MAX_SEPARATE_BYTES).deleted(&stream.object, start, end).await
    });
    match told.await {
        Ok(answer) => Ok(update_from(Ok(answer.value), plan)),
        Err(OrgCallError::Org(error @ (Error::Refused { .. } | Error::TooLong { .. }))) => {
            Ok(update_from(Err(error), plan))
        }
        Err(error) => Err(error),
    }
}

fn window(plan: &PullPlan, now: Timestamp) -> (jiff::Timestamp, jiff::Timestamp) {
    let end = now.plus_minutes(AHEAD_MINUTES);
    let start = match plan {
        // Otherwise our clock is a day behind, and the window would end before it begins.
        PullPlan::Incremental { since } if since.plus_minutes(1) < end => *since,
        _ => now.plus_minutes(-REACH_MINUTES),
    };
    (start.to_jiff(), end.to_jiff())
}

/// Reads the answer.
pub(crate) fn read(answer: &CompositeResponse, place: usize, plan: &PullPlan) -> DeletionReport {
    update_from(answer.get(&name(place)).and_then(SubResult::deleted), plan)
}

/// An object of which the org keeps no such log has told nothing, and that is no fault.
fn update_from(told: Result<Deleted, Error>, plan: &PullPlan) -> DeletionReport {
    match told {
        Ok(deleted) => {
            let covered_until = Some(Timestamp::from_jiff(deleted.latest_date_covered));
            let PullPlan::Incremental { since } = plan else {
                return DeletionReport { covered_until, gone: Some(Vec::new()) };
            };
            let is_remembered = Timestamp::from_jiff(deleted.earliest_date_available) <= *since;
            let ids = deleted.deleted_records.iter().map(|record| record.id.to_string());
            let gone = (is_remembered && ids.len() <= MAX_DELETED).then(|| ids.collect());
            DeletionReport { covered_until, gone }
        }
        Err(error) => {
            let keeps_no_log = matches!(error, Error::Refused { .. })
                && !error.is_outside_replication_window()
                && !error.is_too_many_ids()
                && !error.is_transient();
            DeletionReport { covered_until: None, gone: keeps_no_log.then(Vec::new) }
        }
    }
}

fn name(place: usize) -> String {
    format!("gone{place}")
}

#[cfg(test)]
#[path = "deletion_report_tests.rs"]
mod tests;
