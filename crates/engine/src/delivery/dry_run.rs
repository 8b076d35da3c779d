//! The dry run: what a booking would do in Salesforce now, and why; nothing is written (K20).

use crate::delivery::decide::lookup_step;
use crate::delivery::job::{DecisionContext, DeliveryJob};
use crate::delivery::lookup::{LookupError, look_up};
use crate::delivery::lookup_result::LookupResult;
use crate::delivery::subjects::booking_job;
use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::connected::{OrgError, connected, with_renewal};
use domain::booking::{Attendance, Attendee, Booking, BookingPage, BookingState, Host};
use domain::delivery::{
    Candidate, Delivery, DeliveryKind, DeliveryPlan, DeliveryState, NEW_LEAD, NEW_LEAD_OWNER, Owner,
    PersonObject, SalesforceSettings,
};
use domain::form::Answers;
use domain::run::ApiFeature;
use domain::value::{EmailAddress, PageId, PersonName, Timestamp, WorkspaceId};
use std::sync::Arc;
use storage::booking::pages;
use storage::org_request::OrgResponse;
use storage::workspace::{settings, teams, workspaces};

/// Decides as a real booking's deliveries would, each as if it were due now.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    page: PageId,
    email: &str,
    (answers, routing): (Answers, String),
    host: Option<&str>,
) -> Result<OrgResponse, OrgError> {
    let read = engine.database.read();
    let now = engine.clock.now();
    let unusable = |what: &str| OrgError::Unavailable(what.to_owned());
    let page = pages::find(&read, workspace, page).await?.ok_or_else(|| unusable("no such page"))?;
    let email = EmailAddress::parse(email).map_err(|error| unusable(&error.to_string()))?;
    let mut hosts: Vec<Host> = teams::find_members(&read, workspace, &page.members)
        .await?
        .into_iter()
        .map(|member| Host { member: member.id, name: member.name, email: member.email })
        .collect();
    if let Some(host) = host {
        hosts.retain(|one| one.email.key() == host.to_lowercase());
    } else if page.attendance == Attendance::Any {
        hosts.truncate(1);
    }
    let booking = Booking { routing, ..simulate(&page, email, hosts, answers, now) };
    let (booking, page) = (Arc::new(booking), Arc::new(page));
    let jobs: Vec<DeliveryJob> = DeliveryKind::OF_BOOKINGS
        .into_iter()
        // A personal page has no records of its own (K).
        .filter(|kind| *kind != DeliveryKind::Page || !page.personal)
        .map(|kind| {
            let id = storage::ids::new(now);
            let delivery = Delivery::new(id, booking.id.into(), kind, DeliveryState::Due, now);
            booking_job(delivery, Arc::clone(&booking), Arc::clone(&page))
        })
        .collect();
    let mut org = connected(engine, workspace).await?;
    let asked = jobs.as_slice();
    let ask = |org| async move { look_up(&engine.database, workspace, &org, asked, now).await };
    let mut findings =
        match with_renewal(engine, workspace, &mut org, ask, LookupError::is_session_ended).await? {
            Ok(findings) => findings,
            Err(LookupError::Org(error)) => return Err(OrgError::Unavailable(error.to_string())),
            Err(LookupError::Storage(error)) => return Err(error.into()),
        };
    api_calls::count(engine, workspace, ApiFeature::DryRun, u64::from(findings.calls)).await?;
    let settings = settings::find::<SalesforceSettings>(&read, workspace).await?;
    let about = workspaces::find(&read, workspace).await?.ok_or(OrgError::NotConnected)?;
    // What is really there, before anything is simulated.
    let looked_up: Vec<_> = jobs.iter().map(|job| lookup_step(&job.needs, &findings)).collect();
    let mut plans = Vec::new();
    // In the order in which a booking's deliveries are done: a later one finds what an earlier one has created.
    for (job, looked_up) in jobs.iter().zip(looked_up) {
        let context = DecisionContext { found: &findings, settings: &settings, workspace: &about, now };
        let mut plan = (job.decide)(&job.delivery, &context);
        plan.steps.splice(0..0, looked_up);
        simulate_outcome(&mut findings, &plan, now);
        plans.push((job.delivery.kind, plan));
    }
    Ok(OrgResponse::DryRun { plans })
}

/// Adds the Lead that a plan creates to what the look-ups of the next deliveries find.
fn simulate_outcome(found: &mut LookupResult, plan: &DeliveryPlan, now: Timestamp) {
    let leads = plan.writes.iter().filter(|write| write.object == "Lead" && write.is_create());
    for email in leads.filter_map(|write| write.written_value("Email")) {
        let lead = Candidate {
            object: PersonObject::Lead,
            id: NEW_LEAD.to_owned(),
            last_modified: now,
            owner: Owner::User(NEW_LEAD_OWNER.to_owned()),
            is_converted: false,
            is_deleted: false,
        };
        found.add_candidate(email.to_lowercase(), lead);
    }
}

fn simulate(
    page: &BookingPage,
    email: EmailAddress,
    hosts: Vec<Host>,
    answers: Answers,
    now: Timestamp,
) -> Booking {
    let name = if page.salesforce.split_name {
        PersonName::Split { family_name: "姓".to_owned(), given_name: "名".to_owned() }
    } else {
        PersonName::Whole { name: "氏名".to_owned() }
    };
    Booking {
        id: storage::ids::new(now),
        page: page.id,
        page_path: page.path(),
        title: page.title.clone(),
        start: now.plus_minutes(24 * 60),
        end: now.plus_minutes(24 * 60 + i64::from(page.slot_minutes)),
        time_zone: page.time_zone.clone(),
        attendee: Attendee { email, name, company: String::new() },
        guests: Vec::new(),
        hosts,
        answers,
        language: domain::value::Language::Japanese,
        state: BookingState::Confirmed,
        outcome: None,
        routing: String::new(),
        external_id: None,
        created_at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::fixtures::{NOW, page};
    use domain::booking::PageSalesforce;

    #[test]
    fn simulated_booking_is_one_of_the_page_tomorrow() {
        let whole = PersonName::Whole { name: "氏名".to_owned() };
        let split = PersonName::Split { family_name: "姓".to_owned(), given_name: "名".to_owned() };
        for (split_name, slot_minutes, name) in [(false, 30, whole), (true, 45, split)] {
            let salesforce = PageSalesforce { split_name, ..PageSalesforce::default() };
            let page = BookingPage { slot_minutes, ..page(salesforce) };
            let email = EmailAddress::parse("taro@example.co.jp").unwrap();
            let booking = simulate(&page, email.clone(), Vec::new(), Answers::default(), NOW);
            assert_eq!((booking.page, booking.page_path.as_str()), (page.id, "sales/demo"));
            assert_eq!(booking.attendee, Attendee { email, name, company: String::new() });
            assert_eq!(booking.start, NOW.plus_minutes(24 * 60));
            assert_eq!(booking.end, booking.start.plus_minutes(i64::from(slot_minutes)));
            assert_eq!(booking.state, BookingState::Confirmed, "one that is written");
        }
    }
}
