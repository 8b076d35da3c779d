//! What a booking is to do in Salesforce.

use domain::booking::{Booking, BookingPage};
use domain::delivery::{CAMPAIGN_LAG_MINUTES, Delivery, DeliveryKind, DeliveryState, SalesforceSettings};
use domain::value::Timestamp;

/// What a booking is to do in Salesforce, and when (K1, K3, K8).
pub fn deliveries_of(
    booking: &Booking,
    page: &BookingPage,
    settings: &SalesforceSettings,
    connected: bool,
    now: Timestamp,
) -> Vec<Delivery> {
    let wanted = [
        (DeliveryKind::Page, page.salesforce.writes_records() && !page.personal, 0),
        (DeliveryKind::Todo, settings.todo.enabled, settings.todo.lag_minutes),
        (DeliveryKind::Campaign, settings.campaign.enabled, CAMPAIGN_LAG_MINUTES),
    ];
    let state = if connected { DeliveryState::Due } else { DeliveryState::Held };
    let mut deliveries: Vec<Delivery> = wanted
        .into_iter()
        .filter(|(_, wanted, _)| *wanted)
        .map(|(kind, _, lag_minutes)| {
            let due_at = now.plus_minutes(lag_minutes);
            Delivery::new(storage::ids::new(now), booking.id.into(), kind, state, due_at)
        })
        .collect();
    // The page's records may be the Lead that the ToDo and the campaign are for, and two bookings with one e-mail
    // must not make two Leads.
    let page_delivery = deliveries.iter().find(|one| one.kind == DeliveryKind::Page).map(|one| one.id);
    for delivery in &mut deliveries {
        match delivery.kind {
            DeliveryKind::Page => delivery.exclusive_key = Some(booking.attendee.email.key()),
            DeliveryKind::Todo | DeliveryKind::Campaign | DeliveryKind::Record => {
                delivery.after_delivery = page_delivery;
            }
        }
    }
    deliveries
}
