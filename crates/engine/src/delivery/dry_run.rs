//! The dry run: what a booking would do in Salesforce now, and why; nothing is written (K20).

use crate::delivery::batch::DeliveryJob;
use crate::delivery::decide::{decide, lookup_step};
use crate::delivery::lookup::{LookupError, look_up};
use crate::engine::Engine;
use crate::org::connected::{OrgError, connected, renewed};
use domain::booking::{Attendance, Attendee, Booking, BookingPage, BookingState, Host};
use domain::delivery::{Delivery, DeliveryKind, DeliveryState, SalesforceSettings};
use domain::form::Answers;
use domain::value::{EmailAddress, PageId, PersonName, Timestamp, WorkspaceId};
use salesforce::Error;
use storage::booking::pages;
use storage::org_request::OrgResponse;
use storage::workspace::{settings, teams, workspaces};

const RENEWALS: u32 = 2;

/// Decides as a real booking's deliveries would, each as if it were due now.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    page: PageId,
    email: &str,
    answers: Answers,
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
    let booking = simulate(&page, email, hosts, answers, now);
    let jobs: Vec<DeliveryJob> = DeliveryKind::ALL
        .into_iter()
        .map(|kind| DeliveryJob {
            delivery: Delivery::new(storage::ids::new(now), booking.id, kind, DeliveryState::Due, now),
            booking: booking.clone(),
            page: page.clone(),
        })
        .collect();
    let mut org = connected(engine, workspace).await?;
    let mut renewals = 0;
    let findings = loop {
        match look_up(&engine.database, workspace, &org, &jobs, now).await {
            Ok(findings) => break findings,
            Err(LookupError::Org(Error::SessionExpired)) if renewals < RENEWALS => {
                renewals += 1;
                org = renewed(engine, workspace, org.token_version).await?;
            }
            Err(LookupError::Org(error)) => return Err(OrgError::Unavailable(error.to_string())),
            Err(LookupError::Storage(error)) => return Err(error.into()),
        }
    };
    let settings = settings::find::<SalesforceSettings>(&read, workspace).await?;
    let about = workspaces::find(&read, workspace).await?.ok_or(OrgError::NotConnected)?;
    let plans = jobs
        .iter()
        .map(|job| {
            let mut plan = decide(job, &findings, &settings, &about, now);
            plan.steps.insert(0, lookup_step(job, &findings));
            (job.delivery.kind, plan)
        })
        .collect();
    Ok(OrgResponse::DryRun { plans })
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
        external_id: None,
        created_at: now,
    }
}
