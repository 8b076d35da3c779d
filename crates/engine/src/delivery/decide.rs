//! Putting what was found before the domain's decisions.

use crate::delivery::batch::DeliveryJob;
use crate::delivery::lookup::LookupResult;
use domain::booking::{BookingState, template};
use domain::delivery::{DeliveryKind, DeliveryPlan, SalesforceSettings, campaign_member, page_records, todo};
use domain::value::{Step, Timestamp};
use storage::workspace::workspaces::Workspace;

/// The plan for one delivery.
pub(crate) fn decide(
    job: &DeliveryJob,
    findings: &LookupResult,
    settings: &SalesforceSettings,
    workspace: &Workspace,
    now: Timestamp,
) -> DeliveryPlan {
    if job.booking.state == BookingState::Cancelled {
        return DeliveryPlan::nothing(vec![Step::new("delivery-booking-cancelled")]);
    }
    let candidates = findings.candidates(&job.booking.attendee.email.key());
    let fill = |text: &str| {
        let labels: Vec<(String, String)> = job
            .page
            .fields
            .iter()
            .map(|field| (field.key.clone(), field.label_in(workspace.language).to_owned()))
            .collect();
        template::fill(text, &job.booking, &labels, &workspace.time_zone, workspace.language)
    };
    match job.delivery.kind {
        DeliveryKind::Todo if !settings.todo.enabled => DeliveryPlan::nothing(vec![Step::new("todo-off")]),
        DeliveryKind::Campaign if !settings.campaign.enabled => {
            DeliveryPlan::nothing(vec![Step::new("campaign-off")])
        }
        DeliveryKind::Page if !job.page.salesforce.writes_records() => {
            DeliveryPlan::nothing(vec![Step::new("page-off")])
        }
        DeliveryKind::Todo => todo::decide(todo::TodoContext {
            booking: &job.booking,
            delivery: &job.delivery,
            settings,
            candidates,
            users: &findings.users,
            subject: &fill(&settings.todo.subject),
            comment: &fill(&settings.todo.comment),
            time_zone: &workspace.time_zone,
            now,
        }),
        DeliveryKind::Campaign => campaign_member::decide(&job.delivery, settings, candidates, now),
        DeliveryKind::Page => page_records::decide(page_records::PageContext {
            booking: &job.booking,
            page: &job.page,
            delivery: &job.delivery,
            candidates,
            users: &findings.users,
            subject: &fill(&settings.todo.subject),
            comment: &fill(&settings.todo.comment),
            lead: &findings.description("Lead"),
            event: &findings.description("Event"),
        }),
    }
}

/// What the look-up found for one booking, for its timeline.
pub(crate) fn lookup_step(job: &DeliveryJob, findings: &LookupResult) -> Step {
    use domain::delivery::PersonObject;
    let candidates = findings.candidates(&job.booking.attendee.email.key());
    let count = |object| candidates.iter().filter(|candidate| candidate.object == object).count();
    let hosts: Vec<String> = job.booking.hosts.iter().map(|host| host.email.key()).collect();
    let users = findings.users.iter().filter(|user| hosts.contains(&user.email_key)).count();
    Step::new("lookup")
        .with("email", &job.booking.attendee.email)
        .with("leads", count(PersonObject::Lead))
        .with("contacts", count(PersonObject::Contact))
        .with("users", users)
}
