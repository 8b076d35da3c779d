//! Which of the due deliveries go together in one round.

use domain::booking::Booking;
use domain::booking_page::BookingPage;
use domain::delivery::{Delivery, DeliveryKind};
use domain::id::{BookingId, PageId};
use std::collections::{HashMap, HashSet};

/// One delivery with what it is about.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) delivery: Delivery,
    pub(crate) booking: Booking,
    pub(crate) page: BookingPage,
}

/// Bookings in one round, at most.
pub(crate) const MOST_BOOKINGS: usize = 200;
/// Deliveries in a round in which every write has to be answered singly.
const MOST_SINGLE: usize = 8;

/// Chooses from the due deliveries, longest due first.
///
/// A booking's ToDo waits for its page's records, which may be the Lead that it is for. Two bookings with
/// one e-mail don't make their Leads in one round, or there would be two.
pub(crate) fn choose(
    due: Vec<Delivery>,
    bookings: &HashMap<BookingId, Booking>,
    pages: &HashMap<PageId, BookingPage>,
) -> Vec<Job> {
    let page_due: HashSet<BookingId> =
        due.iter().filter(|one| one.kind == DeliveryKind::Page).map(|one| one.booking).collect();
    // A collection's answer doesn't name the duplicates that a single write's answer does.
    let single = due.iter().any(|one| one.error_code.as_deref() == Some(crate::settle::DUPLICATES));
    let most = if single { MOST_SINGLE } else { usize::MAX };
    let mut chosen_bookings = HashSet::new();
    let mut emails = HashSet::new();
    let mut jobs = Vec::new();
    for delivery in due {
        if jobs.len() >= most {
            break;
        }
        let waits_for_page = delivery.kind != DeliveryKind::Page && page_due.contains(&delivery.booking);
        let Some(booking) = bookings.get(&delivery.booking) else { continue };
        let Some(page) = pages.get(&booking.page) else { continue };
        if waits_for_page
            || (delivery.kind == DeliveryKind::Page && !emails.insert(booking.attendee.email.key()))
            || (!chosen_bookings.contains(&booking.id) && chosen_bookings.len() == MOST_BOOKINGS)
        {
            continue;
        }
        chosen_bookings.insert(booking.id);
        jobs.push(Job { delivery, booking: booking.clone(), page: page.clone() });
    }
    jobs
}
