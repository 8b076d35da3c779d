//! Which of the due deliveries go together in one round.

use domain::booking::{Booking, BookingPage};
use domain::delivery::{Delivery, DeliveryKind};
use domain::value::{BookingId, DeliveryId, PageId, Timestamp};
use std::collections::{HashMap, HashSet};
use storage::delivery::deliveries::PendingDelivery;

/// One delivery with what it is about.
#[derive(Clone, Debug)]
pub(crate) struct DeliveryJob {
    pub(crate) delivery: Delivery,
    pub(crate) booking: Booking,
    pub(crate) page: BookingPage,
}

/// The org's duplicate rule spoke, and its matches are asked for by a single write next.
pub(crate) const DUPLICATES: &str = "DUPLICATES_DETECTED";
/// Bookings in one round, at most.
pub(crate) const MAX_BOOKINGS: usize = 200;
/// How far what has to wait steps back at least.
const REQUEUE_DELAY_SECONDS: i64 = 5;
/// Deliveries in a round in which every write has to be answered singly.
const MAX_SINGLE: usize = 8;

/// What is known of deliveries that are not in the round.
#[derive(Debug, Default)]
pub(crate) struct BlockingDeliveries {
    /// The unfinished page deliveries of the due deliveries' bookings.
    pub(crate) pending_pages: HashMap<BookingId, PendingDelivery>,
    /// E-mails for which a Lead may be about to appear.
    pub(crate) in_doubt: HashMap<String, PendingDelivery>,
}

/// What is worked on now, and what has to wait for something that isn't due yet.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) jobs: Vec<DeliveryJob>,
    pub(crate) postponed: Vec<(DeliveryId, Timestamp)>,
}

/// Chooses from the due deliveries, longest due first.
///
/// A booking's ToDo waits for its page's records, which may be the Lead that it is for. Two bookings with
/// one e-mail don't make their Leads in one round, nor the second one while the first one's answer is not
/// known, or there would be two.
pub(crate) fn choose(
    due: Vec<Delivery>,
    bookings: &HashMap<BookingId, Booking>,
    pages: &HashMap<PageId, BookingPage>,
    surroundings: &BlockingDeliveries,
    now: Timestamp,
) -> Batch {
    // A collection's answer doesn't name the duplicates that a single write's answer does.
    let single = due.iter().any(|one| one.error_code.as_deref() == Some(DUPLICATES));
    let most = if single { MAX_SINGLE } else { usize::MAX };
    let mut chosen_bookings = HashSet::new();
    let mut emails = HashSet::new();
    let mut waiting: Vec<(DeliveryId, PendingDelivery)> = Vec::new();
    let mut chosen = Batch::default();
    for delivery in due {
        if chosen.jobs.len() >= most {
            break;
        }
        let Some(booking) = bookings.get(&delivery.booking) else { continue };
        let Some(page) = pages.get(&booking.page) else { continue };
        let email = booking.attendee.email.key();
        let waits_for = match delivery.kind {
            DeliveryKind::Page => {
                surroundings.in_doubt.get(&email).filter(|doubt| doubt.delivery != delivery.id)
            }
            DeliveryKind::Todo | DeliveryKind::Campaign => surroundings.pending_pages.get(&booking.id),
        };
        // What was begun is found out about first, whatever else is pending.
        if let Some(pending) = waits_for.filter(|_| delivery.open_attempt.is_none()) {
            waiting.push((delivery.id, *pending));
            continue;
        }
        if (delivery.kind == DeliveryKind::Page && !emails.insert(email))
            || (!chosen_bookings.contains(&booking.id) && chosen_bookings.len() == MAX_BOOKINGS)
        {
            continue;
        }
        chosen_bookings.insert(booking.id);
        chosen.jobs.push(DeliveryJob { delivery, booking: booking.clone(), page: page.clone() });
    }
    let in_round: HashSet<DeliveryId> = chosen.jobs.iter().map(|job| job.delivery.id).collect();
    // What waits for something outside this round steps back behind it, or a long backlog would be read
    // again and again without anything in it that can be done.
    let step_back = now.plus_seconds(REQUEUE_DELAY_SECONDS);
    chosen.postponed = waiting
        .into_iter()
        .filter(|(_, pending)| !in_round.contains(&pending.delivery))
        .map(|(delivery, pending)| (delivery, pending.due_at.max(step_back)))
        .collect();
    chosen
}
