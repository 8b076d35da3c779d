//! Settling an attempt whose answer was lost, once it has been read back what it did.

use crate::delivery::batch::DeliveryJob;
use crate::delivery::read_back::{MARKED, MarkedRecord};
use domain::delivery::{DeliveredRecord, ORG_MAY_STILL_ACT_SECONDS, OpenAttempt, RecordAction, Write};
use domain::value::{Step, Timestamp};

/// What reading back came to.
#[derive(Debug)]
pub(crate) enum Recovery {
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
pub(crate) fn recover(job: &mut DeliveryJob, own: &[MarkedRecord], now: Timestamp) -> Recovery {
    let Some(attempt) = job.delivery.open_attempt.take() else { return Recovery::Known(Vec::new()) };
    let mut steps = vec![Step::new("read-back")];
    let ours: Vec<&MarkedRecord> = own.iter().filter(|found| found.delivery == job.delivery.id).collect();
    for found in &ours {
        if job.delivery.records.iter().any(|record| record.id == found.id) {
            continue;
        }
        steps.push(Step::new("record-recovered").with("object", found.object).with("id", &found.id));
        job.delivery.records.push(DeliveredRecord {
            object: found.object.to_owned(),
            id: found.id.clone(),
            action: RecordAction::Recovered,
        });
    }
    let is_missing = |write: &Write| match write {
        Write::Create { object, .. } => {
            MARKED.contains(&object.as_str()) && !ours.iter().any(|found| found.object == *object)
        }
        // Writing the same values once more changes nothing.
        Write::Update { .. } => false,
    };
    let until = attempt.sent_at.plus_seconds(ORG_MAY_STILL_ACT_SECONDS);
    if now >= until || !attempt.writes.iter().any(is_missing) {
        return Recovery::Known(steps);
    }
    let writes = attempt.writes.iter().filter(|write| is_missing(write)).cloned().collect();
    job.delivery.open_attempt = Some(OpenAttempt { writes, ..attempt });
    steps.push(Step::new("read-back-wait").with("until", until));
    Recovery::Wait { until, steps }
}
