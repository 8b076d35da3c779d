//! Searches again later for a person who isn't in the org yet (K9).

use crate::delivery::{Delivery, DeliveryPlan, FollowUp, SalesforceSettings, Write};
use crate::value::{Step, Timestamp};

/// A plan that searches again for a person who wasn't found; it finishes when that is off or its time is over.
pub fn search_again(
    settings: &SalesforceSettings,
    delivery: &Delivery,
    now: Timestamp,
    writes: Vec<Write>,
    mut steps: Vec<Step>,
) -> DeliveryPlan {
    if !settings.rescue.enabled {
        return DeliveryPlan::new(writes, FollowUp::Finish, steps);
    }
    let until =
        delivery.search_until.unwrap_or_else(|| delivery.due_at.plus_minutes(settings.rescue.for_hours * 60));
    let follow_up = if now >= until {
        steps.push(Step::new("rescue-over").with("until", until));
        FollowUp::Finish
    } else {
        let at = now.plus_minutes(settings.rescue.every_minutes).min(until);
        steps.push(Step::new("rescue-look-again").with("at", at).with("until", until));
        FollowUp::SearchAgain { at, until }
    };
    DeliveryPlan { search_steps: 1, ..DeliveryPlan::new(writes, follow_up, steps) }
}
