//! Searches again later for a person who isn't in the org yet (K9).

use crate::delivery::{Delivery, FollowUp, SalesforceSettings};
use crate::value::{Step, Timestamp};

/// When to look again for a person who wasn't found; finishes when the rescue is off or its time is over.
pub fn search_again(
    settings: &SalesforceSettings,
    delivery: &Delivery,
    now: Timestamp,
    steps: &mut Vec<Step>,
) -> FollowUp {
    if !settings.rescue.enabled {
        return FollowUp::Finish;
    }
    let until =
        delivery.search_until.unwrap_or_else(|| delivery.due_at.plus_minutes(settings.rescue.for_hours * 60));
    if now >= until {
        steps.push(Step::new("rescue-over").with("until", until));
        return FollowUp::Finish;
    }
    let at = now.plus_minutes(settings.rescue.every_minutes).min(until);
    steps.push(Step::new("rescue-look-again").with("at", at).with("until", until));
    FollowUp::SearchAgain { at, until }
}
