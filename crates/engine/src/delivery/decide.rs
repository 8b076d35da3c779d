//! Puts what was found before the domain's decisions about bookings.

use crate::delivery::job::DecisionContext;
use crate::delivery::lookup_result::LookupResult;
use domain::booking::template;
use domain::booking::{Booking, BookingPage, BookingState};
use domain::delivery::{
    Delivery, DeliveryKind, DeliveryPlan, Need, PersonObject, campaign_member, page_records, todo,
};
use domain::value::Step;

/// The plan for one of a booking's deliveries.
pub(crate) fn decide_booking(
    delivery: &Delivery,
    booking: &Booking,
    page: &BookingPage,
    context: &DecisionContext<'_>,
) -> DeliveryPlan {
    if booking.state == BookingState::Cancelled {
        return DeliveryPlan::cancelled(vec![Step::new("delivery-booking-cancelled")]);
    }
    let DecisionContext { found, settings, workspace, now } = *context;
    let candidates = found.candidates(&booking.attendee.email.key());
    let fill = |text: &str| {
        let labels: Vec<(String, String)> = page
            .fields
            .iter()
            .map(|field| (field.key.clone(), field.label_in(workspace.language).to_owned()))
            .collect();
        template::fill(text, booking, &labels, &workspace.time_zone, workspace.language)
    };
    match delivery.kind {
        DeliveryKind::Todo if !settings.todo.enabled => DeliveryPlan::nothing(vec![Step::new("todo-off")]),
        DeliveryKind::Campaign if !settings.campaign.enabled => {
            DeliveryPlan::nothing(vec![Step::new("campaign-off")])
        }
        DeliveryKind::Page if !page.salesforce.writes_records() => {
            DeliveryPlan::nothing(vec![Step::new("page-off")])
        }
        DeliveryKind::Todo => todo::decide(todo::TodoContext {
            booking,
            delivery,
            settings,
            candidates,
            users: found.users(),
            task: &found.description("Task"),
            subject: &fill(&settings.todo.subject),
            comment: &fill(&settings.todo.comment),
            time_zone: &workspace.time_zone,
            now,
        }),
        DeliveryKind::Campaign => campaign_member::decide(delivery, settings, candidates, now),
        DeliveryKind::Page => page_records::decide(page_records::PageContext {
            booking,
            page,
            delivery,
            candidates,
            users: found.users(),
            subject: &fill(&settings.todo.subject),
            comment: &fill(&settings.todo.comment),
            lead: &found.description("Lead"),
            event: &found.description("Event"),
        }),
    }
}

/// What the look-up found of a delivery's people, for the timeline; `None` when it needed no one.
pub(crate) fn lookup_step(needs: &[Need], found: &LookupResult) -> Option<Step> {
    let person = needs.iter().find_map(|need| match need {
        Need::People { email } => Some(email),
        _ => None,
    })?;
    let candidates = found.candidates(&person.key());
    let count = |object: PersonObject| candidates.iter().filter(|one| one.object == object).count();
    let hosts: Vec<String> = needs
        .iter()
        .filter_map(|need| match need {
            Need::Users { email } => Some(email.key()),
            _ => None,
        })
        .collect();
    let users = found.users().iter().filter(|user| hosts.contains(&user.email_key)).count();
    Some(
        Step::new("lookup")
            .with("email", person)
            .with("leads", count(PersonObject::Lead))
            .with("contacts", count(PersonObject::Contact))
            .with("users", users),
    )
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
