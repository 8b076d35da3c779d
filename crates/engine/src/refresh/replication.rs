//! What an org says of its changes beside the rows: how far they can be told by now, and what was deleted.
//!
//! Both questions travel in the call that asks for the changes, before its queries: what they promise holds for what
//! the queries find.

use super::stream::Stream;
use domain::pull::Plan;
use domain::timestamp::Timestamp;
use salesforce::{CompositeRequest, CompositeResponse, Error, SubResult, Subrequest};

/// Minutes before now, by our clock, of which the org tells what changed when it is asked how far it can tell.
const REACH_MINUTES: i64 = 2;
/// Minutes after now, by our clock, until when a question reaches: the org's clock may be ahead of ours. Where it is
/// ahead by more, some rows come twice.
const AHEAD_MINUTES: i64 = 24 * 60;
/// Deleted records that are looked at one by one.
const MOST_GONE: usize = 2_000;

/// What an org says of one stream's object.
pub(super) struct Told {
    /// Until when everything that has changed can be seen; not every org tells.
    pub(super) covered_until: Option<Timestamp>,
    /// The records that were deleted since the last time; `None` when the org has forgotten some, or they are so many
    /// that looking at all ids costs less.
    pub(super) gone: Option<Vec<String>>,
}

/// Adds the questions to a call.
pub(super) fn ask(
    request: &mut CompositeRequest,
    place: usize,
    stream: &Stream,
    plan: &Plan,
    now: Timestamp,
) -> Result<(), Error> {
    let object = &stream.object;
    let (start, end) =
        (now.plus_minutes(-REACH_MINUTES).to_jiff(), now.plus_minutes(AHEAD_MINUTES).to_jiff());
    push(request, &reach_name(place), Subrequest::updated(object, start, end)?)?;
    match plan {
        // A window that ends before it begins is not asked for: our clock is a day behind.
        Plan::Changes { since } if since.plus_minutes(1).to_jiff() < end => {
            push(request, &gone_name(place), Subrequest::deleted(object, since.to_jiff(), end)?)
        }
        _ => Ok(()),
    }
}

/// Adds a part to a call.
pub(super) fn push(request: &mut CompositeRequest, name: &str, part: Subrequest) -> Result<(), Error> {
    let pushed = request.push(name, part);
    pushed.map_err(|error| Error::InvalidRequest { reason: error.to_string() })
}

/// Reads the answers. An object of which the org keeps no such log has told nothing, and that is no fault.
pub(super) fn read(answer: &CompositeResponse, place: usize) -> Told {
    let reach = answer.get(&reach_name(place)).and_then(SubResult::updated);
    let gone = match answer.get(&gone_name(place)).and_then(SubResult::deleted) {
        Ok(deleted) if deleted.deleted_records.len() <= MOST_GONE => {
            Some(deleted.deleted_records.iter().map(|record| record.id.to_string()).collect())
        }
        Ok(_) => None,
        Err(error) if error.is_outside_replication_window() || error.is_too_many_ids() => None,
        Err(_) => Some(Vec::new()),
    };
    Told { covered_until: reach.ok().map(|told| Timestamp::from_jiff(told.latest_date_covered)), gone }
}

fn reach_name(place: usize) -> String {
    format!("reach{place}")
}

fn gone_name(place: usize) -> String {
    format!("gone{place}")
}
