//! Settling an attempt whose answer was lost, once it has been read back what it did.

use crate::batch::Job;
use crate::readback::Found;
use domain::delivery::{DeliveredRecord, RecordAction};
use domain::explanation::Step;

/// Takes over the records that the lost attempt made and closes it; what it did not make is decided anew.
pub(crate) fn adopt(job: &mut Job, own: &[Found]) -> Vec<Step> {
    if job.delivery.open_attempt.take().is_none() {
        return Vec::new();
    }
    let mut steps = vec![Step::new("read-back")];
    for found in own.iter().filter(|found| found.delivery == job.delivery.id) {
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
    steps
}
