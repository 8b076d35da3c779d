//! Puts what was found before the domain's decisions about bookings.

use crate::delivery::job::DecisionContext;
use crate::delivery::lookup_result::LookupResult;
use domain::booking::{Booking, BookingPage, BookingState};
use domain::booking::{local, template};
use domain::delivery::{
    Delivery, DeliveryKind, DeliveryPlan, Need, PersonObject, campaign_member, form_record, page_records,
    todo,
};
use domain::form::{Form, Submission};
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
        // A booking has none.
        DeliveryKind::Record => DeliveryPlan::nothing(Vec::new()),
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

/// The plan for a submission's delivery.
pub(crate) fn decide_submission(
    delivery: &Delivery,
    submission: &Submission,
    form: &Form,
    context: &DecisionContext<'_>,
) -> DeliveryPlan {
    let DecisionContext { found, workspace, now, .. } = *context;
    let object = &form.salesforce.object;
    let same = form_record::match_value(form, submission);
    let same = same.map_or(&[] as &[_], |(field, value)| found.records(object, &field, &value));
    form_record::decide(form_record::FormRecordContext {
        submission,
        form,
        delivery,
        found: same,
        object: &found.description(object),
        time_zone: &workspace.time_zone,
        today: local(now, &workspace.time_zone).date(),
    })
}

/// What the look-up found, for the timeline; `None` when it needed no records.
pub(crate) fn lookup_step(needs: &[Need], found: &LookupResult) -> Option<Step> {
    let records = needs.iter().find_map(|need| match need {
        Need::Records { object, field, value } => Some((object, field, value)),
        _ => None,
    });
    if let Some((object, field, value)) = records {
        let step =
            Step::new("lookup-records").with("object", object).with("field", field).with("value", value);
        return Some(step.with("count", found.records(object, field, value).len()));
    }
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
