//! Lists: pages both ways, search and filters, ignored deliveries, saved views.

use crate::support::{NOW, booking, delivery, workspace};
use domain::booking::{Booking, BookingState};
use domain::delivery::{Delivery, DeliveryState};
use domain::list::{Direction, Position};
use domain::value::{MemberId, WorkspaceId};
use storage::Database;
use storage::booking::bookings;
use storage::booking::bookings::{BookingFilter, BookingSort};
use storage::delivery::ignored::FailedFilter;
use storage::delivery::{deliveries, ignored};
use storage::list::views;
use storage::list::views::SavedView;
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(
        pages_forwards_and_backwards_hold_every_row_once,
        filters_and_search_narrow_the_list,
        ignored_deliveries_leave_the_open_ones_and_come_back,
        views_are_private_until_shared_and_can_be_restored
    );
}

/// Seven bookings, two of them starting at one moment and made at one.
async fn seven(database: &Database, workspace: WorkspaceId) -> Vec<Booking> {
    let write = database.write().await.unwrap();
    let mut all = Vec::new();
    for place in 0..7_i64 {
        let member: MemberId = storage::ids::new(NOW);
        let mut one = booking(member, NOW.plus_minutes(60 * (place / 2)), 30);
        one.created_at = NOW.plus_minutes(-(place / 2));
        one.attendee.company = format!("Company {place}");
        assert!(bookings::create(&write, workspace, &one).await.unwrap());
        all.push(one);
    }
    write.commit().await.unwrap();
    all
}

async fn pages_forwards_and_backwards_hold_every_row_once(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let other = crate::support::workspace(&test.database, "other").await;
    seven(&test.database, other).await;
    let all = seven(&test.database, workspace).await;
    let read = test.database.read();
    for sort in [BookingSort::Made, BookingSort::Start] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let filter = BookingFilter::default();
            let page = |position: Position| {
                let (read, filter) = (read, filter.clone());
                async move {
                    bookings::select(&read, workspace, &filter, (sort, direction), &position, 3)
                        .await
                        .unwrap()
                }
            };
            let first = page(Position::Start).await;
            assert_eq!((first.rows.len(), first.before.is_some(), first.count), (3, false, 7));
            let second = page(Position::After(first.after.clone().unwrap())).await;
            let third = page(Position::After(second.after.clone().unwrap())).await;
            assert_eq!((third.rows.len(), third.after), (1, None));
            let seen: Vec<_> =
                [&first.rows, &second.rows, &third.rows].into_iter().flatten().map(|one| one.id).collect();
            let mut wanted: Vec<_> = all.iter().map(|one| one.id).collect();
            let mut sorted = seen.clone();
            sorted.sort();
            wanted.sort();
            assert_eq!(sorted, wanted, "{sort:?} {direction:?}");
            let back = page(Position::Before(third.before.unwrap())).await;
            assert_eq!(back.rows, second.rows, "the page before is the one that was seen");
            let start = page(Position::Before(back.before.unwrap())).await;
            assert_eq!((start.rows, start.before), (first.rows, None));
        }
    }
}

async fn filters_and_search_narrow_the_list(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let all = seven(&test.database, workspace).await;
    let write = test.database.write().await.unwrap();
    assert!(bookings::cancel(&write, workspace, all[0].id).await.unwrap());
    let failed = Delivery { state: DeliveryState::Failed, ..delivery(all[1].id, NOW) };
    deliveries::create(&write, workspace, &failed, NOW).await.unwrap();
    write.commit().await.unwrap();
    let found = async |filter: BookingFilter| {
        let order = (BookingSort::Made, Direction::Descending);
        let read = test.database.read();
        bookings::select(&read, workspace, &filter, order, &Position::Start, 50).await.unwrap().rows.len()
    };
    let usual = BookingFilter::default;
    for (filter, count) in [
        (BookingFilter { search: "ＣＯＭＰＡＮＹ　3".to_owned(), ..usual() }, 1),
        (BookingFilter { search: "山田太郎".to_owned(), ..usual() }, 7),
        (BookingFilter { search: "TARO@EXAMPLE".to_owned(), ..usual() }, 7),
        (BookingFilter { search: "100%".to_owned(), ..usual() }, 0),
        (BookingFilter { search: "_".to_owned(), ..usual() }, 0),
        (BookingFilter { state: Some(BookingState::Cancelled), ..usual() }, 1),
        (BookingFilter { delivery_state: Some(DeliveryState::Failed), ..usual() }, 1),
        (BookingFilter { page: Some(all[2].page.to_string()), ..usual() }, 1),
        (BookingFilter { start_from: Some(NOW.plus_minutes(60)), ..usual() }, 5),
        (BookingFilter { start_until: Some(NOW.plus_minutes(60)), ..usual() }, 2),
        (BookingFilter { made_until: Some(NOW), ..usual() }, 5),
    ] {
        assert_eq!(found(filter.clone()).await, count, "{filter:?}");
    }
}

async fn ignored_deliveries_leave_the_open_ones_and_come_back(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let all = seven(&test.database, workspace).await;
    let write = test.database.write().await.unwrap();
    let mut ids = Vec::new();
    for (place, one) in all.iter().enumerate() {
        let code = if place < 4 { Some("REQUIRED_FIELD_MISSING".to_owned()) } else { None };
        let failed = Delivery { state: DeliveryState::Failed, error_code: code, ..delivery(one.id, NOW) };
        deliveries::create(&write, workspace, &failed, NOW).await.unwrap();
        ids.push(failed.id);
    }
    write.commit().await.unwrap();
    let causes = ignored::causes(&test.database.read(), workspace, 10).await.unwrap();
    let told: Vec<(&str, i64)> = causes.iter().map(|cause| (cause.code.as_str(), cause.count)).collect();
    assert_eq!(told, [("REQUIRED_FIELD_MISSING", 4), ("unknown", 3)]);
    let of_cause = ignored::of_cause(&test.database.read(), workspace, "unknown", 10).await.unwrap();
    assert_eq!(of_cause.len(), 3);
    let write = test.database.write().await.unwrap();
    let at = NOW.plus_minutes(1);
    assert_eq!(ignored::ignore(&write, workspace, &ids[..5], "a@b.example", at).await.unwrap(), 5);
    assert_eq!(ignored::ignore(&write, workspace, &ids[..5], "a@b.example", at).await.unwrap(), 0);
    write.commit().await.unwrap();
    let read = test.database.read();
    assert_eq!(ignored::count_open(&read, workspace).await.unwrap(), 2);
    for (is_ignored, count) in [(true, 5), (false, 2)] {
        let filter = FailedFilter {
            state: DeliveryState::Failed,
            ignored: is_ignored,
            search: "company".to_owned(),
            cause: None,
            kind: None,
        };
        let (direction, start) = (Direction::Descending, Position::Start);
        let page = ignored::select(&read, workspace, &filter, direction, &start, 50).await.unwrap();
        assert_eq!(page.rows.len(), count);
    }
    let write = test.database.write().await.unwrap();
    assert_eq!(ignored::reopen(&write, workspace, &ids[..1]).await.unwrap(), 1);
    assert_eq!(ignored::reopen_ignored_at(&write, workspace, at).await.unwrap(), 4);
    write.commit().await.unwrap();
    assert_eq!(ignored::count_open(&test.database.read(), workspace).await.unwrap(), 7);
}

async fn views_are_private_until_shared_and_can_be_restored(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let (own, other) = (storage::ids::new(NOW), storage::ids::new(NOW));
    let view = |name: &str, is_shared| SavedView {
        id: storage::ids::new(NOW),
        account: own,
        list: "bookings".to_owned(),
        name: name.to_owned(),
        query: "tab=past".to_owned(),
        is_shared,
    };
    let (private, shared) = (view("a", false), view("b", true));
    let write = test.database.write().await.unwrap();
    for one in [&private, &shared] {
        assert!(views::create(&write, workspace, one, NOW).await.unwrap());
    }
    write.commit().await.unwrap();
    let read = test.database.read();
    assert_eq!(
        views::list(&read, workspace, own, "bookings").await.unwrap(),
        [private.clone(), shared.clone()]
    );
    assert_eq!(
        views::list(&read, workspace, other, "bookings").await.unwrap(),
        std::slice::from_ref(&shared)
    );
    assert_eq!(views::list(&read, workspace, own, "audit").await.unwrap(), []);
    for (account, left) in [(other, 2), (own, 1)] {
        let write = test.database.write().await.unwrap();
        views::remove(&write, workspace, account, private.id, Some(NOW)).await.unwrap();
        write.commit().await.unwrap();
        let found = views::list(&test.database.read(), workspace, own, "bookings").await.unwrap();
        assert_eq!(found.len(), left, "only one's own view is removed");
    }
    let write = test.database.write().await.unwrap();
    views::remove(&write, workspace, own, private.id, None).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(views::list(&test.database.read(), workspace, own, "bookings").await.unwrap().len(), 2);
}
