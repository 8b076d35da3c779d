//! What one delivery does in a round: its plan, after what was read back of a lost attempt.

use crate::delivery::decide::lookup_step;
use crate::delivery::job::{DecisionContext, DeliveryJob};
use crate::delivery::recover::{Recovered, recover};
use crate::delivery::settle::{RoundTime, wait};
use domain::delivery::{Delivery, DeliveryPlan, DeliveryState};
use domain::value::{Step, Timestamp};

/// One delivery on its way through a round.
pub(crate) struct PlannedDelivery {
    pub(crate) delivery: Delivery,
    pub(crate) plan: DeliveryPlan,
    /// What its timeline gets.
    pub(crate) timeline: Vec<Step>,
    /// Its lost attempt may still take effect: nothing is decided.
    pub(crate) waits: bool,
}

/// Plans a delivery by what was found.
pub(crate) fn plan(job: DeliveryJob, context: &DecisionContext<'_>, time: RoundTime) -> PlannedDelivery {
    let DeliveryJob { mut delivery, needs, decide } = job;
    let repeated_search = delivery.search_until.is_some() && delivery.open_attempt.is_none();
    // Where there is a lease there is a connection: what was held is not any more.
    delivery.state = DeliveryState::Due;
    let mut timeline = match recover(&mut delivery, context.found.own(), time.database_now) {
        Recovered::Known(steps) => steps,
        Recovered::Wait { until, steps } => {
            let left = until.microseconds() - time.database_now.microseconds();
            let until = Timestamp::from_microseconds(time.now.microseconds().saturating_add(left));
            wait(&mut delivery, until, time);
            let plan = DeliveryPlan::nothing(Vec::new());
            return PlannedDelivery { delivery, plan, timeline: steps, waits: true };
        }
    };
    let plan = decide(&delivery, context);
    if repeated_search && plan.writes.is_empty() {
        // A search every ten minutes for a day would bury the rest of the timeline.
        timeline.extend(plan.search_steps().iter().cloned());
    } else {
        timeline.extend(lookup_step(&needs, context.found));
        timeline.extend(plan.steps.iter().cloned());
    }
    PlannedDelivery { delivery, plan, timeline, waits: false }
}
