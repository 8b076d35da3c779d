//! Searches again later for a person who isn't in the org yet (K9).

use crate::delivery::Delivery;
use crate::explanation::Step;
use crate::plan::Afterwards;
use crate::salesforce_settings::SalesforceSettings;
use crate::timestamp::Timestamp;

/// When to look again for a person who wasn't found; finishes when the rescue is off or its time is over.
pub fn look_again(
    settings: &SalesforceSettings,
    delivery: &Delivery,
    now: Timestamp,
    steps: &mut Vec<Step>,
) -> Afterwards {
    if !settings.rescue.enabled {
        return Afterwards::Finish;
    }
    let until =
        delivery.rescue_until.unwrap_or_else(|| delivery.due_at.plus_minutes(settings.rescue.for_hours * 60));
    if now >= until {
        steps.push(Step::new("rescue-over").with("until", until));
        return Afterwards::Finish;
    }
    let at = now.plus_minutes(settings.rescue.every_minutes).min(until);
    steps.push(Step::new("rescue-look-again").with("at", at).with("until", until));
    Afterwards::LookAgain { at, until }
}
