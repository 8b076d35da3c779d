//! Routers: a draft that two people edit, versions that never change, decisions that are found again.

use crate::support::NOW;
use domain::router::{Chart, Facts, Outcome, Router, RouterLink, RoutingDecision, RoutingResult};
use domain::value::{BookingId, EmailAddress, RouterId, RoutingDecisionId, WorkspaceId};
use storage::router::drafts::FormerDraft;
use storage::router::routers::RouterSaved;
use storage::router::{decisions, drafts, routers};
use storage::testing::TestDatabase;
use uuid::Uuid;

mod both {
    crate::on_both!(
        second_of_two_editors_is_told,
        decisions_are_found_by_id_and_in_order,
        former_drafts_come_back_latest_first_and_are_bounded,
        archived_router_cannot_be_published_and_a_new_link_ends_the_one_before
    );
}

const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));

fn router() -> Router {
    Router {
        id: RouterId(Uuid::from_u128(7)),
        slug: "inbound".to_owned(),
        name: "Inbound".to_owned(),
        draft: Chart::default(),
        draft_version: 1,
        published: 0,
        updated_at: NOW,
        archived_at: None,
        link: RouterLink::default(),
    }
}

async fn second_of_two_editors_is_told(test: TestDatabase) {
    let write = test.database.write().await.unwrap();
    assert_eq!(routers::create(&write, WORKSPACE, &router()).await.unwrap(), RouterSaved::Saved);
    let other = Router { id: RouterId(Uuid::from_u128(8)), ..router() };
    assert_eq!(routers::create(&write, WORKSPACE, &other).await.unwrap(), RouterSaved::SlugTaken);
    let changed = |name: &str| Router { name: name.to_owned(), draft_version: 2, ..router() };
    let first = routers::save_draft(&write, WORKSPACE, &changed("first"), 1).await.unwrap();
    let second = routers::save_draft(&write, WORKSPACE, &changed("second"), 1).await.unwrap();
    assert_eq!((first, second), (RouterSaved::Saved, RouterSaved::ChangedMeanwhile));
    let stale = routers::publish(&write, WORKSPACE, &router(), "a@host.example", NOW).await.unwrap();
    assert_eq!(stale, None, "what is published is what was looked at");
    for version in 1..=2 {
        let published = routers::publish(&write, WORKSPACE, &changed("first"), "a@host.example", NOW).await;
        assert_eq!(published.unwrap(), Some(version));
    }
    write.commit().await.unwrap();
    let read = test.database.read();
    let kept = routers::find_by_slug(&read, WORKSPACE, "inbound").await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.published), ("first", 2));
    assert_eq!(routers::versions(&read, WORKSPACE, kept.id, 10).await.unwrap().len(), 2);
    let elsewhere = WorkspaceId(Uuid::from_u128(2));
    assert_eq!(routers::find_by_slug(&read, elsewhere, "inbound").await.unwrap(), None);
}

async fn decisions_are_found_by_id_and_in_order(test: TestDatabase) {
    let made = |number: u128, seconds: i64| RoutingDecision {
        id: RoutingDecisionId(Uuid::from_u128(number)),
        router: router().id,
        version: 1,
        at: NOW.plus_seconds(seconds),
        facts: Facts { email: Some(EmailAddress::parse("taro@a.example").unwrap()), ..Facts::default() },
        result: RoutingResult {
            path: Vec::new(),
            outcome: Outcome::Nothing,
            instead_of: None,
            hosts: Vec::new(),
            assignment: None,
        },
        booking: None,
    };
    let write = test.database.write().await.unwrap();
    for (number, seconds) in [(1, 0), (2, 5), (3, 5)] {
        decisions::create(&write, WORKSPACE, &made(number, seconds)).await.unwrap();
    }
    let booking = BookingId(Uuid::from_u128(9));
    decisions::note_booking(&write, WORKSPACE, made(2, 5).id, booking).await.unwrap();
    write.commit().await.unwrap();
    let read = test.database.read();
    let first = decisions::list(&read, WORKSPACE, None, 2).await.unwrap();
    let last = first.last().unwrap();
    let rest = decisions::list(&read, WORKSPACE, Some((last.at, last.id)), 2).await.unwrap();
    let ids: Vec<u128> = first.iter().chain(&rest).map(|one| one.id.0.as_u128()).collect();
    assert_eq!(ids, [3, 2, 1]);
    let found = decisions::find(&read, WORKSPACE, made(2, 5).id).await.unwrap().unwrap();
    assert_eq!(found, RoutingDecision { booking: Some(booking), ..made(2, 5) });
}

async fn former_drafts_come_back_latest_first_and_are_bounded(test: TestDatabase) {
    let draft = |version: u32| FormerDraft {
        version,
        chart: Chart { start: format!("node-{version}"), ..Chart::default() },
        replaced_by: "a@host.example".to_owned(),
        replaced_at: NOW,
    };
    let write = test.database.write().await.unwrap();
    for version in 1..=60 {
        drafts::keep(&write, WORKSPACE, router().id, &draft(version)).await.unwrap();
    }
    let other = RouterId(Uuid::from_u128(8));
    assert_eq!(drafts::find_latest(&write, WORKSPACE, other).await.unwrap(), None);
    let mut found = Vec::new();
    while let Some(former) = drafts::find_latest(&write, WORKSPACE, router().id).await.unwrap() {
        assert_eq!(former, draft(former.version));
        drafts::remove(&write, WORKSPACE, router().id, former.version).await.unwrap();
        found.push(former.version);
    }
    assert_eq!(found, (11..=60).rev().collect::<Vec<_>>(), "the last fifty");
}

async fn archived_router_cannot_be_published_and_a_new_link_ends_the_one_before(test: TestDatabase) {
    let write = test.database.write().await.unwrap();
    routers::create(&write, WORKSPACE, &router()).await.unwrap();
    routers::set_archived(&write, WORKSPACE, router().id, Some(NOW)).await.unwrap();
    let archived = routers::find(&write, WORKSPACE, router().id).await.unwrap().unwrap();
    assert_eq!(archived.archived_at, Some(NOW));
    let published = routers::publish(&write, WORKSPACE, &archived, "a@host.example", NOW).await;
    assert_eq!(published.unwrap(), None);
    routers::set_archived(&write, WORKSPACE, router().id, None).await.unwrap();
    let published = routers::publish(&write, WORKSPACE, &archived, "a@host.example", NOW).await;
    assert_eq!(published.unwrap(), Some(1));
    for (number, until) in [(1, Some(NOW)), (2, None)] {
        routers::renew_link(&write, WORKSPACE, router().id, until).await.unwrap();
        let found = routers::find(&write, WORKSPACE, router().id).await.unwrap().unwrap();
        assert_eq!(found.link, RouterLink { number, until });
    }
}
