//! The mark by which a record that Tsugite wrote is found again after its answer was lost (Q1).

use crate::value::DeliveryId;

const OPEN: &str = "[tsugite:";

/// Puts a delivery's mark on a line of its own under a description, cutting the description so that both fit.
///
/// `max_length` counts characters, as Salesforce does.
pub fn mark(description: &str, delivery: DeliveryId, max_length: usize) -> String {
    let mark = format!("{OPEN}{delivery}]");
    let room = max_length.saturating_sub(mark.chars().count() + 2);
    let kept: String = description.trim_end().chars().take(room).collect();
    if kept.is_empty() { mark } else { format!("{kept}\n\n{mark}") }
}

/// The delivery whose mark stands in a description; `None` when there is none.
pub fn find(description: &str) -> Option<DeliveryId> {
    let (_, after) = description.rsplit_once(OPEN)?;
    let (id, _) = after.split_once(']')?;
    id.parse().ok()
}
