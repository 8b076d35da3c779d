//! What a booking made in a dialog leaves beside itself.

use domain::value::{BookingId, ConversionId, OfferId, Step, Timestamp, WorkspaceId};
use storage::delivery::timeline;
use storage::tag::{conversions, offers};
use storage::{StorageError, Write};

/// Says which booking came of an offer and its conversion, in the transaction of the booking.
pub(crate) async fn note_booking(
    write: &Write,
    workspace: WorkspaceId,
    booking: BookingId,
    (offer, conversion): (OfferId, Option<ConversionId>),
    now: Timestamp,
) -> Result<(), StorageError> {
    offers::set_booking(write, workspace, offer, booking, now).await?;
    let Some(id) = conversion else { return Ok(()) };
    conversions::set_booking(write, workspace, id, booking).await?;
    let Some(stored) = conversions::find(write, workspace, id).await? else { return Ok(()) };
    let step = Step::new("from-conversion")
        .with("grade", stored.conversion.grade.name())
        .with("url", stored.conversion.first.url);
    // It stands on the timeline when it happened: before the booking.
    timeline::add(write, workspace, booking.into(), None, &[step], stored.conversion.first.at).await
}
