//! The demo's router with its list, and what it has decided about visitors.

use crate::commands::sample::chart::{self, LIST};
use crate::commands::sample::past::{Outcome, Past};
use crate::commands::sample::turns;
use crate::commands::sample::visitors::{Dice, visitor};
use domain::booking::BookingPage;
use domain::router::{
    Assignment, Chart, EntryBody, Facts, Known, ListEntry, ListKey, ListKind, LookupList, Router, RouterLink,
    RoutingDecision, RoutingResult, decide, list_name,
};
use domain::value::{EmailAddress, RouterId, RoutingDecisionId, Step, Timestamp, WorkspaceId};
use std::error::Error;
use storage::delivery::timeline;
use storage::router::drafts::FormerDraft;
use storage::router::{decisions, drafts, ledger, lists, routers};
use storage::workspace::accounts::Account;
use storage::workspace::audit;
use storage::{StorageError, Write};

const SITE: &str = "https://www.aozora-demo.example";
const SLUG: &str = "contact-routing";
const NAME: &str = "お問い合わせの振り分け";
/// Bookings that the router led to, the latest ones.
const BOOKED: usize = 30;
/// Visitors who did not book; every third has free mail.
const OTHERS: usize = 12;
/// Of how many visitors of the sales page one belongs to a key account.
const KEY_ACCOUNT_EVERY: usize = 5;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// People of key accounts who have not been here yet; whoever is free meets them.
const EXPECTED: [&str; 2] = ["megumi.morita@umikaze.example", "ichiro@otsuka-works.example"];
/// Somebody with whom no meeting is wanted.
const UNWANTED: &str = "emma.clarke@northwind.example";

/// Adds them; the bookings are stored already.
pub(super) async fn add(
    on: &Write,
    owner: &Account,
    (sales, success): (&BookingPage, &BookingPage),
    past: &[Past],
    now: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let workspace = owner.workspace;
    let led: Vec<&Past> = past
        .iter()
        .rev()
        .filter(|one| one.booking.created_at < now && one.outcome != Outcome::Cancelled)
        .filter(|one| [sales.id, success.id].contains(&one.booking.page))
        .take(BOOKED)
        .collect();
    let Some(first) = led.last().map(|one| one.booking.created_at) else { return Ok(()) };
    let entries = entries(&led, sales);
    keep_list(on, owner, &entries, first.plus_minutes(-8 * DAY)).await?;
    let router = keep_router(on, owner, (sales, success), first, now).await?;
    let published = chart::published(&sales.path(), &success.path())?;
    for one in &led {
        let path = if one.booking.page == success.id { "/support" } else { "/contact" };
        let facts = facts(&one.booking.attendee.email, path, &entries);
        let at = one.booking.created_at.plus_seconds(-75);
        let decision = decision(&published, router, facts, at);
        if decision.result.page() != Some(one.booking.page_path.as_str()) {
            return Err("a decision leads to another page than its booking's".into());
        }
        decisions::create(on, workspace, &decision).await?;
        decisions::note_booking(on, workspace, decision.id, one.booking.id).await?;
        timeline::add(on, workspace, one.booking.id.into(), None, &[told(&decision)], at).await?;
        if decision.result.assignment.is_some()
            && let Some(entry) = turns::routed(one, sales)
        {
            ledger::add(on, workspace, &entry).await?;
        }
    }
    let mut dice = Dice::new(0x1F12_3BB5);
    let hours = (now.seconds() - first.seconds()) / 3_600;
    for place in 0..OTHERS {
        let someone = visitor(&mut dice)?.email;
        let someone = match someone.as_str().split_once('@') {
            Some((name, _)) if place % 3 == 0 => EmailAddress::parse(&format!("{name}@gmail.com"))?,
            _ => someone,
        };
        let ago = i64::try_from(dice.roll(u64::try_from(hours.max(1))?))?;
        let at = now.plus_minutes(-ago * HOUR - 7);
        decisions::create(
            on,
            workspace,
            &decision(&published, router, facts(&someone, "/contact", &entries), at),
        )
        .await?;
    }
    Ok(())
}

/// The list's rows: some of those who booked, with their hosts, and people who are still expected.
fn entries(led: &[&Past], sales: &BookingPage) -> Vec<ListEntry> {
    let key = |one: &Past| one.booking.attendee.email.key();
    let is_once = |one: &&&Past| led.iter().filter(|other| key(other) == key(one)).count() == 1;
    let of_sales = led.iter().filter(|one| one.booking.page == sales.id).filter(is_once);
    let row = |one: &&Past| {
        let members = one.booking.hosts.iter().map(|host| host.email.key()).collect();
        (key(one), members, String::new())
    };
    let mut rows: Vec<(String, Vec<String>, String)> = of_sales.step_by(KEY_ACCOUNT_EVERY).map(row).collect();
    rows.extend(EXPECTED.map(|email| (email.to_owned(), Vec::new(), sales.path())));
    rows.push((UNWANTED.to_owned(), Vec::new(), String::new()));
    (2..)
        .zip(rows)
        .map(|(line, (key, members, page))| ListEntry {
            key,
            line,
            body: EntryBody::Assigned { members, page },
        })
        .collect()
}

async fn keep_list(
    on: &Write,
    owner: &Account,
    entries: &[ListEntry],
    at: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let list = LookupList {
        slug: LIST.to_owned(),
        name: "重点顧客".to_owned(),
        kind: ListKind::Assignments,
        by: Some(ListKey::Email),
        rows: u32::try_from(entries.len())?,
        version: 1,
        updated_at: at,
    };
    lists::save(on, owner.workspace, &list, 0).await?;
    lists::add(on, owner.workspace, LIST, entries).await?;
    let step = Step::new("list-created").with("list", LIST).with("rows", list.rows);
    Ok(audit::record(on, owner.workspace, owner.email.as_str(), &step, at).await?)
}

/// The router with two versions, the second of which decides, and a draft that goes further.
async fn keep_router(
    on: &Write,
    owner: &Account,
    (sales, success): (&BookingPage, &BookingPage),
    first: Timestamp,
    now: Timestamp,
) -> Result<RouterId, Box<dyn Error>> {
    let (workspace, actor) = (owner.workspace, owner.email.as_str());
    let made = first.plus_minutes(-7 * DAY);
    let mut router = Router {
        id: storage::ids::new(made),
        slug: SLUG.to_owned(),
        name: NAME.to_owned(),
        draft: chart::first(&sales.path())?,
        draft_version: 1,
        published: 0,
        updated_at: made,
        archived_at: None,
        link: RouterLink::default(),
    };
    routers::create(on, workspace, &router).await?;
    note(on, owner, Step::new("router-made"), made).await?;
    publish(on, owner, &mut router, made.plus_minutes(2 * HOUR)).await?;
    let second = chart::published(&sales.path(), &success.path())?;
    change(on, workspace, &mut router, second, (actor, first.plus_minutes(-3 * DAY))).await?;
    publish(on, owner, &mut router, first.plus_minutes(-2 * DAY)).await?;
    let draft = chart::draft(&sales.path(), &success.path())?;
    change(on, workspace, &mut router, draft, (actor, now.plus_minutes(-20 * HOUR))).await?;
    note(on, owner, Step::new("router-saved"), now.plus_minutes(-20 * HOUR)).await?;
    Ok(router.id)
}

async fn change(
    on: &Write,
    workspace: WorkspaceId,
    router: &mut Router,
    chart: Chart,
    (actor, at): (&str, Timestamp),
) -> Result<(), StorageError> {
    let former = FormerDraft {
        version: router.draft_version,
        chart: std::mem::replace(&mut router.draft, chart),
        replaced_by: actor.to_owned(),
        replaced_at: at,
    };
    router.draft_version += 1;
    router.updated_at = at;
    routers::save_draft(on, workspace, router, former.version).await?;
    drafts::keep(on, workspace, router.id, &former).await
}

async fn publish(
    on: &Write,
    owner: &Account,
    router: &mut Router,
    at: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let actor = owner.email.as_str();
    let version = routers::publish(on, owner.workspace, router, actor, at).await?;
    router.published = version.ok_or("the router was not published")?;
    note(on, owner, Step::new("router-published").with("version", router.published), at).await
}

async fn note(on: &Write, owner: &Account, step: Step, at: Timestamp) -> Result<(), Box<dyn Error>> {
    Ok(audit::record(on, owner.workspace, owner.email.as_str(), &step.with("router", SLUG), at).await?)
}

fn facts(email: &EmailAddress, path: &str, entries: &[ListEntry]) -> Facts {
    let row = entries.iter().find(|entry| entry.key == email.key());
    let listed: Known<Assignment> = row.map_or(Known::NotFound, |row| Known::Found(row.assignment()));
    Facts {
        visitor: email.key(),
        email: Some(email.clone()),
        url: format!("{SITE}{path}?utm_source=newsletter"),
        language: "ja".to_owned(),
        lists: [(list_name(LIST, ListKey::Email), listed)].into(),
        ..Facts::default()
    }
}

fn decision(chart: &Chart, router: RouterId, facts: Facts, at: Timestamp) -> RoutingDecision {
    let decided = decide(chart, &facts);
    let result = RoutingResult {
        path: decided.path,
        outcome: decided.outcome,
        instead_of: None,
        hosts: decided.assignment.as_ref().map(|row| row.members.clone()).unwrap_or_default(),
        assignment: decided.assignment,
    };
    let id: RoutingDecisionId = storage::ids::new(at);
    RoutingDecision { id, router, version: 2, at, facts, result, booking: None }
}

/// What the booking's timeline says of a decision.
fn told(decision: &RoutingDecision) -> Step {
    Step::new("booking-routed")
        .with("router", NAME)
        .with("version", decision.version)
        .with("outcome", decision.result.outcome.kind())
        .with("decision", decision.id)
}
