//! Which of the due deliveries go together in one round.

use domain::delivery::{Delivery, Subject};
use domain::value::{DeliveryId, Timestamp};
use std::collections::{HashMap, HashSet};
use storage::delivery::deliveries::PendingDelivery;

/// Subjects in one round, at most.
pub const MAX_SUBJECTS: usize = 200;
/// Deliveries in a round in which every write has to be answered singly.
pub const MAX_SINGLE: usize = 8;
/// How far what has to wait is put off at least.
const REQUEUE_DELAY_SECONDS: i64 = 5;

/// What is known of deliveries for which others wait.
#[derive(Debug, Default)]
pub struct BlockingDeliveries {
    /// Those that have not ended and that a due delivery comes after.
    pub pending: HashMap<DeliveryId, PendingDelivery>,
    /// By exclusive key, those with an open attempt: what they wrote is not known yet.
    pub unresolved: HashMap<String, PendingDelivery>,
}

/// What is worked on now, and what has to wait for something that isn't due yet.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The deliveries of the round.
    pub chosen: Vec<Delivery>,
    /// Those that are put off, each until when.
    pub postponed: Vec<(DeliveryId, Timestamp)>,
}

/// Chooses from the due deliveries, the longest due first.
///
/// A delivery waits for the one that it comes after: a booking's ToDo for the page's records, which may be the Lead
/// that it is for. Two deliveries with one exclusive key don't write in one round, nor the second one while the
/// first one's response is not known, or two bookings with one e-mail would make two Leads.
pub fn choose(due: Vec<Delivery>, blocking: &BlockingDeliveries, now: Timestamp) -> Batch {
    // A collection's response doesn't name the duplicates that a single write's response does.
    let single = due.iter().any(|one| one.retry_singly);
    let most = if single { MAX_SINGLE } else { usize::MAX };
    let mut subjects: HashSet<Subject> = HashSet::new();
    let mut keys: HashSet<String> = HashSet::new();
    let mut waiting: Vec<(DeliveryId, PendingDelivery)> = Vec::new();
    let mut batch = Batch::default();
    for delivery in due {
        if batch.chosen.len() >= most {
            break;
        }
        // What was begun is found out about first, whatever else is pending.
        if let Some(pending) = waits_for(&delivery, blocking).filter(|_| delivery.open_attempt.is_none()) {
            waiting.push((delivery.id, pending));
            continue;
        }
        if delivery.exclusive_key.as_ref().is_some_and(|key| !keys.insert(key.clone()))
            || (!subjects.contains(&delivery.subject) && subjects.len() == MAX_SUBJECTS)
        {
            continue;
        }
        subjects.insert(delivery.subject);
        batch.chosen.push(delivery);
    }
    let in_round: HashSet<DeliveryId> = batch.chosen.iter().map(|delivery| delivery.id).collect();
    // What waits for something outside this round is put off behind it, or a long backlog would be read again and
    // again without anything in it that can be done.
    let earliest = now.plus_seconds(REQUEUE_DELAY_SECONDS);
    batch.postponed = waiting
        .into_iter()
        .filter(|(_, pending)| !in_round.contains(&pending.delivery))
        .map(|(delivery, pending)| (delivery, pending.due_at.max(earliest)))
        .collect();
    batch
}

fn waits_for(delivery: &Delivery, blocking: &BlockingDeliveries) -> Option<PendingDelivery> {
    let after = delivery.after_delivery.and_then(|after| blocking.pending.get(&after));
    let key = delivery.exclusive_key.as_ref().and_then(|key| blocking.unresolved.get(key));
    after.or(key.filter(|other| other.delivery != delivery.id)).copied()
}
