//! Half a year of bookings, a few days ahead included, with what they did in the org and what it cost.

use crate::commands::sample::conversions;
use crate::commands::sample::org_records::Org;
use crate::commands::sample::past::{Outcome, Past, Plan};
use crate::commands::sample::people;
use crate::commands::sample::routing;
use crate::commands::sample::turns;
use crate::commands::sample::visitors::{Dice, reason, title, visitor};
use domain::booking::{BookingPage, BookingState, start_of_day};
use domain::notification::{EmailSettings, Notice, NoticeKind, NotificationSettings, WebhookChange};
use domain::run::{ApiFeature, Receipt, Run, RunKind, RunState, RunTrigger};
use domain::value::{Step, Timestamp};
use std::error::Error;
use storage::booking::{bookings, pages};
use storage::delivery::{deliveries, timeline};
use storage::notification::inbox;
use storage::org::api_calls;
use storage::router::ledger;
use storage::run::runs;
use storage::workspace::accounts::Account;
use storage::workspace::teams;
use storage::workspace::teams::Member;
use storage::{Database, Write};

const DAY: i64 = 24 * 60;
const PAST_DAYS: i64 = 182;
const FUTURE_DAYS: i64 = 12;
/// Days of which a team's bookings were given by turns.
const TURN_DAYS: i64 = 90;
/// Bookings that the org refused, the latest ones.
const REFUSED: usize = 9;
/// The last days have not been forgotten by whoever looks after the inbox.
const NOTICED: usize = 3;

/// Fills the demo's workspace; `org` is the address of its org.
pub(crate) async fn fill(
    database: &Database,
    owner: &Account,
    (org, key, secret): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let workspace = owner.workspace;
    let Some(page) = pages::list(&database.read(), workspace).await?.into_iter().next() else {
        return Ok(());
    };
    let write = database.write().await?;
    let mut all_pages = vec![page.clone()];
    all_pages.extend(people::add(&write, owner, &page, now).await?);
    let mut hosts = Vec::new();
    for page in &all_pages {
        hosts.push(teams::find_members(&write, workspace, &page.members).await?);
    }
    let mut past = plan(&all_pages, &hosts, now)?;
    let by_turns = match (all_pages.last(), hosts.last()) {
        (Some(page), Some(hosts)) => turns::give(&mut past, page, hosts, now.plus_minutes(-TURN_DAYS * DAY)),
        _ => Vec::new(),
    };
    let org = Org::sign_in(org, key, secret).await?;
    let kept: Vec<&Past> = past.iter().filter(|one| one.outcome != Outcome::Cancelled).collect();
    let leads = org.create("Lead", kept.iter().map(|one| one.lead()).collect()).await?;
    let events = kept.iter().zip(&leads).map(|(one, lead)| one.event(lead));
    let events = org.create("Event", events.collect()).await?;
    let todos = kept.iter().zip(&leads).map(|(one, lead)| one.todo(lead));
    let todos = org.create("Task", todos.collect()).await?;
    let mut records = leads.iter().zip(&events).zip(&todos);
    for one in &past {
        let ((lead, event), todo) = match one.outcome {
            Outcome::Cancelled => ((&String::new(), &String::new()), &String::new()),
            Outcome::Done | Outcome::Refused(_) => records.next().ok_or("a record is missing")?,
        };
        store(&write, owner, one, (lead, event, todo)).await?;
    }
    for entry in &by_turns {
        ledger::add(&write, workspace, entry).await?;
    }
    if let [sales, success, ..] = all_pages.as_slice() {
        routing::add(&write, owner, (sales, success), &past, now).await?;
    }
    notices(&write, owner, &past, now).await?;
    usage(&write, owner, now).await?;
    conversions::add(&write, workspace, &page, &past, now).await?;
    write.commit().await?;
    Ok(())
}

/// More bookings from month to month, on weekdays, each host at one place at a time.
fn plan(pages: &[BookingPage], hosts: &[Vec<Member>], now: Timestamp) -> Result<Vec<Past>, Box<dyn Error>> {
    let mut dice = Dice::new(0x7357_9173);
    let mut past = Vec::new();
    for days in -PAST_DAYS..=FUTURE_DAYS {
        let day = domain::booking::local(now.plus_minutes(days * DAY), &pages[0].time_zone).date();
        if day.weekday().to_monday_one_offset() > 5 {
            continue;
        }
        let begin = start_of_day(day, &pages[0].time_zone).ok_or("there is no such day")?;
        let growth = u64::try_from((days + PAST_DAYS) / 60).unwrap_or_default();
        let count = if days > 0 { 1 + dice.roll(3) } else { 1 + dice.roll(3 + growth) };
        for place in 0..count {
            let which = usize::from(dice.roll(4) == 0 && pages.len() > 1);
            let (page, hosts) = (&pages[which], &hosts[which]);
            let Some(host) = hosts.get(usize::try_from(dice.roll(hosts.len() as u64)).unwrap_or_default())
            else {
                continue;
            };
            // One start an hour, so that nobody is booked twice.
            let start = begin.plus_minutes(i64::try_from(10 * 60 + place * 60).unwrap_or_default());
            let ahead = i64::try_from(dice.roll(9 * 24 * 60)).unwrap_or_default();
            let made = start
                .plus_minutes(-120 - ahead)
                .min(now.plus_minutes(-i64::try_from(dice.roll(2000)).unwrap_or_default() - 5));
            let attendee = visitor(&mut dice)?;
            let answers = [("reason", reason(&mut dice)), ("title", title(&mut dice))];
            let outcome = if dice.roll(14) == 0 { Outcome::Cancelled } else { Outcome::Done };
            past.push(Past::new(Plan { page, host, attendee, answers, made, start }, outcome));
        }
    }
    past.sort_by_key(|one| one.booking.created_at);
    let done = past.iter_mut().rev().filter(|one| one.outcome == Outcome::Done);
    for (place, one) in done.step_by(3).take(REFUSED).enumerate() {
        one.outcome = Outcome::Refused(place);
    }
    Ok(past)
}

async fn store(
    on: &Write,
    owner: &Account,
    one: &Past,
    (lead, event, todo): (&str, &str, &str),
) -> Result<(), Box<dyn Error>> {
    let (workspace, booking) = (owner.workspace, &one.booking);
    // A cancelled booking has no time of its own any more.
    let mut stored = booking.clone();
    if booking.state == BookingState::Cancelled {
        stored.hosts.clear();
    }
    if !bookings::create(on, workspace, &stored).await? {
        return Err("two bookings of one host at one time".into());
    }
    let made = booking.created_at;
    let step = Step::new("booking-made").with("page", &booking.page_path).with("via", "page");
    timeline::add(on, workspace, booking.id.into(), None, &[step], made).await?;
    for (place, (delivery, steps)) in (0_i64..).zip(one.deliveries(lead, event, todo)) {
        deliveries::create(on, workspace, &delivery, made).await?;
        timeline::add(
            on,
            workspace,
            booking.id.into(),
            Some(delivery.id),
            &steps,
            made.plus_seconds(2 + 2 * place),
        )
        .await?;
    }
    if booking.state == BookingState::Cancelled {
        let step = Step::new("booking-cancelled").with("by", "attendee");
        timeline::add(on, workspace, booking.id.into(), None, &[step], made.plus_seconds(40)).await?;
    }
    Ok(())
}

async fn notices(on: &Write, owner: &Account, past: &[Past], now: Timestamp) -> Result<(), Box<dyn Error>> {
    // The demo has no mail server: every mail would be a warning on the screen where it was started.
    let settings = NotificationSettings {
        email: EmailSettings { events: Default::default(), ..EmailSettings::default() },
        ..NotificationSettings::default()
    };
    let (workspace, keep) = (owner.workspace, WebhookChange::Keep);
    storage::notification::settings::save(on, workspace, &settings, &keep, now).await?;
    let refused = past.iter().filter(|one| matches!(one.outcome, Outcome::Refused(_)));
    for one in refused {
        for (delivery, _) in one.deliveries("", "", "").iter().filter(|(one, _)| one.error_code.is_some()) {
            let notice = Notice::delivery_failed(delivery);
            inbox::publish(on, owner.workspace, &notice, one.booking.created_at.plus_seconds(3)).await?;
        }
    }
    inbox::mark_read(on, owner.workspace).await?;
    let latest = past.iter().rev().filter(|one| matches!(one.outcome, Outcome::Refused(_)));
    for one in latest.take(NOTICED) {
        for (delivery, _) in one.deliveries("", "", "").iter().filter(|(one, _)| one.error_code.is_some()) {
            inbox::publish(on, owner.workspace, &Notice::delivery_failed(delivery), now.plus_minutes(-30))
                .await?;
        }
    }
    let near = Notice::new(NoticeKind::ApiLimitNear).with("used", 12_140).with("allowed", 15_000);
    inbox::publish(on, owner.workspace, &near, now.plus_minutes(-11 * DAY)).await?;
    Ok(())
}

/// API calls of a month by feature, and the nightly runs that made some of them.
async fn usage(on: &Write, owner: &Account, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice::new(0x2545_F491);
    for days in (1..=30_i64).rev() {
        let night = now.plus_minutes(-days * DAY);
        for (feature, calls) in [
            (ApiFeature::Deliveries, 6 + dice.roll(22)),
            (ApiFeature::Run(RunKind::SyncedFields), 1 + dice.roll(8)),
            (ApiFeature::Run(RunKind::CompanyImport), 6 + dice.roll(6)),
            (ApiFeature::Preflight, dice.roll(3)),
        ] {
            api_calls::count(on, owner.workspace, feature, calls, night).await?;
        }
        let is_failed = days == 8;
        let changed = dice.roll(40);
        let run = Run {
            id: storage::ids::new(night),
            kind: if days % 3 == 0 { RunKind::CompanyImport } else { RunKind::SyncedFields },
            origin: if days % 3 == 0 { RunTrigger::Periodic } else { RunTrigger::Nightly },
            state: if is_failed { RunState::Failed } else { RunState::Done },
            requested_at: night,
            started_at: Some(night.plus_seconds(1)),
            finished_at: Some(night.plus_seconds(3 + i64::try_from(dice.roll(20)).unwrap_or_default())),
            receipt: Receipt {
                calls: 1 + dice.roll(6),
                bytes: 4_000 + dice.roll(90_000),
                changed,
                unchanged: dice.roll(10),
                expected: [("Account".to_owned(), changed)].into(),
                received: [("Account".to_owned(), changed)].into(),
                ..Receipt::default()
            },
            reason: is_failed.then(|| Step::new("org-unavailable")),
        };
        runs::store_finished(on, owner.workspace, &run).await?;
    }
    Ok(())
}
