//! Signed links to one booking: who has one may see it, or cancel it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::booking::Booking;
use domain::value::{BookingId, WorkspaceId};
use storage::Vault;
use uuid::Uuid;

/// What a link lets its holder do; a link for one can't be used for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// See the booking after it was made.
    Show,
    /// Cancel it.
    Cancel,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Show => "booking-show",
            Self::Cancel => "booking-cancel",
        }
    }
}

/// The address of the page that shows a booking to the visitor who made it.
pub fn done_path(vault: &Vault, workspace: WorkspaceId, booking: &Booking) -> String {
    format!("/b/{}/done/{}", booking.page_path, token(vault, Purpose::Show, workspace, booking.id))
}

/// The address of the page on which a booking is cancelled.
pub fn cancel_path(vault: &Vault, workspace: WorkspaceId, booking: BookingId) -> String {
    format!("/cancel/{}", token(vault, Purpose::Cancel, workspace, booking))
}

fn token(vault: &Vault, purpose: Purpose, workspace: WorkspaceId, booking: BookingId) -> String {
    let named = BASE64.encode([workspace.0.into_bytes(), booking.0.into_bytes()].concat());
    let tag = vault.sign(purpose.name(), &named);
    format!("{named}.{tag}")
}

/// The booking that a link names; `None` when a character of it was changed.
pub fn read(vault: &Vault, purpose: Purpose, token: &str) -> Option<(WorkspaceId, BookingId)> {
    let (named, tag) = token.split_once('.')?;
    if !vault.verify(purpose.name(), named, tag) {
        return None;
    }
    let bytes = BASE64.decode(named).ok()?;
    let (workspace, booking) = bytes.split_at_checked(16)?;
    Some((Uuid::from_slice(workspace).ok()?.into(), Uuid::from_slice(booking).ok()?.into()))
}
