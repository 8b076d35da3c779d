//! Fixtures of the storage tests.

use domain::booking::{Attendee, Booking, BookingState, Host};
use domain::delivery::{Delivery, DeliveryKind, DeliveryState};
use domain::value::{BookingId, EmailAddress, Language, MemberId, PersonName, Timestamp, WorkspaceId};
use std::time::Duration;
use storage::Database;
use storage::workspace::workspaces::Workspace;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);

/// A lease that outlasts every test.
pub(crate) const LEASE: Duration = Duration::from_secs(3600);
/// A lease that is over as soon as it has begun: its holder has died.
pub(crate) const OVER: Duration = Duration::ZERO;

pub(crate) async fn workspace(database: &Database, slug: &str) -> WorkspaceId {
    let workspace = Workspace {
        id: storage::ids::new(NOW),
        slug: slug.to_owned(),
        name: "継手デモ株式会社".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language: Language::Japanese,
    };
    let write = database.write().await.unwrap();
    storage::workspace::workspaces::create(&write, &workspace, NOW).await.unwrap();
    write.commit().await.unwrap();
    workspace.id
}

pub(crate) fn booking(member: MemberId, start: Timestamp, minutes: i64) -> Booking {
    Booking {
        id: storage::ids::new(NOW),
        page: storage::ids::new(NOW),
        page_path: "sales/demo".to_owned(),
        title: "製品デモ".to_owned(),
        start,
        end: start.plus_minutes(minutes),
        time_zone: "Asia/Tokyo".to_owned(),
        attendee: Attendee {
            email: EmailAddress::parse("taro@example.co.jp").unwrap(),
            name: PersonName::Whole { name: "山田 太郎".to_owned() },
            company: "山田商事".to_owned(),
        },
        guests: Vec::new(),
        hosts: vec![Host {
            member,
            name: "佐藤 遥".to_owned(),
            email: EmailAddress::parse("haruka.sato@tsugite.example").unwrap(),
        }],
        answers: Default::default(),
        language: Language::Japanese,
        state: BookingState::Confirmed,
        outcome: None,
        routing: String::new(),
        external_id: None,
        created_at: NOW,
    }
}

pub(crate) fn delivery(booking: BookingId, due_at: Timestamp) -> Delivery {
    Delivery::new(storage::ids::new(NOW), booking.into(), DeliveryKind::Todo, DeliveryState::Due, due_at)
}

/// Runs one story on both databases.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        $(
            mod $name {
                #[tokio::test]
                async fn sqlite() {
                    super::super::$name(storage::testing::open(storage::testing::Kind::Sqlite).await).await;
                }
                #[tokio::test]
                async fn postgres() {
                    super::super::$name(storage::testing::open(storage::testing::Kind::Postgres).await).await;
                }
            }
        )*
    };
}
