//! Closes an attempt whose response was lost, once it has been read back what it did.

use crate::delivery::read_back::OwnRecord;
use domain::delivery::{Delivery, ORG_MAY_STILL_ACT_SECONDS, OpenAttempt, RecordAction, Recovery, Write};
use domain::value::{Step, Timestamp};

/// What reading back came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Everything about the last attempt is known: go on deciding.
    Known(Vec<Step>),
    /// Something was not found that the org may still be about to make: decide nothing before then.
    Wait {
        /// When nothing more can come of it.
        until: Timestamp,
        /// What is known so far.
        steps: Vec<Step>,
    },
}

/// Takes over the records that the lost attempt made. It is closed when nothing more can come of it.
///
/// Without an attempt, what is there all the same was made by one of which a restored backup knows nothing.
pub fn recover(delivery: &mut Delivery, own: &[OwnRecord], now: Timestamp) -> Recovered {
    let Some(attempt) = delivery.open_attempt.take() else {
        return Recovered::Known(take_over(delivery, own, &[]));
    };
    let mut steps = vec![Step::new("read-back")];
    steps.extend(take_over(delivery, own, &attempt.writes));
    let id = delivery.id;
    // No attempt is sent so far ahead: the database's clock was set back since, and this one counts from now on.
    let is_ahead = attempt.sent_at > now.plus_seconds(ORG_MAY_STILL_ACT_SECONDS);
    let sent_at = if is_ahead { now } else { attempt.sent_at };
    let until = sent_at.plus_seconds(ORG_MAY_STILL_ACT_SECONDS);
    let missing = |write: &&Write| is_missing(id, write, own);
    if now >= until || !attempt.writes.iter().any(|write| missing(&write)) {
        return Recovered::Known(steps);
    }
    let writes = attempt.writes.iter().filter(missing).cloned().collect();
    delivery.open_attempt = Some(OpenAttempt { writes, sent_at, ..attempt });
    steps.push(Step::new("read-back-wait").with("until", until));
    Recovered::Wait { until, steps }
}

/// Adds the records that are the delivery's own, by its marker, its ID or one of its writes.
fn take_over(delivery: &mut Delivery, own: &[OwnRecord], writes: &[Write]) -> Vec<Step> {
    let id = delivery.id;
    let ours = |found: &&OwnRecord| {
        found.is_named_after(id) || writes.iter().any(|write| found.is_made_by(id, write))
    };
    let mut steps = Vec::new();
    for found in own.iter().filter(ours) {
        if delivery.records.iter().any(|record| record.id == found.id) {
            continue;
        }
        steps.push(Step::new("record-recovered").with("object", &found.object).with("id", &found.id));
        delivery.add_record(&found.object, &found.id, RecordAction::Recovered);
    }
    steps
}

/// A repeatable write and one that the org refuses a second time can be sent again, so they are never missing.
fn is_missing(delivery: domain::value::DeliveryId, write: &Write, own: &[OwnRecord]) -> bool {
    let is_found_by_reading = matches!(
        write.recovery,
        Recovery::Marker { .. } | Recovery::ExternalId { .. } | Recovery::SameValues { .. }
    );
    write.is_create() && is_found_by_reading && !own.iter().any(|found| found.is_made_by(delivery, write))
}
