//! Deliveries of the tables.

use domain::delivery::{Delivery, DeliveryKind, DeliveryState, Subject, SubjectKind};
use domain::value::{DeliveryId, Timestamp};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);

/// A delivery about something that only these tests know.
pub(crate) fn delivery(due_at: Timestamp) -> Delivery {
    let subject = Subject { kind: SubjectKind::Person, id: storage::ids::new(due_at) };
    Delivery::new(storage::ids::new(due_at), subject, DeliveryKind::Todo, DeliveryState::Due, due_at)
}

/// A delivery with ids that a table can name.
pub(crate) fn numbered(id: u128, subject: u128) -> Delivery {
    let subject = Subject { kind: SubjectKind::Booking, id: Uuid::from_u128(subject) };
    let id = DeliveryId(Uuid::from_u128(id));
    Delivery { attempts: 1, ..Delivery::new(id, subject, DeliveryKind::Page, DeliveryState::Due, NOW) }
}
