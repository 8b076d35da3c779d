//! The handle of an offered dialog: sealed, so that whoever holds it can use it and read nothing of it.

use crate::state::AppState;
use domain::tag::OfferSource;
use domain::value::{ConversionId, OfferId, PageId, RoutingDecisionId, Timestamp, WorkspaceId};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use storage::StorageError;

/// Seconds in which a dialog has to open.
pub(crate) const OPEN_SECONDS: i64 = 600;
/// Minutes in which something can be booked in it.
const BOOK_MINUTES: i64 = 60;
/// The longest handle that is read.
const MAX_HANDLE: usize = 2_000;
const PLACE: &str = "tag-offer";

/// What a handle stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfferHandle {
    pub(crate) workspace: WorkspaceId,
    pub(crate) offer: OfferId,
    /// The booking page; `None` for a text in its place, in which nothing can be booked.
    pub(crate) page: Option<PageId>,
    pub(crate) source: OfferSource,
    pub(crate) conversion: Option<ConversionId>,
    /// The router's decision that led here.
    #[serde(default)]
    pub(crate) decision: Option<RoutingDecisionId>,
    pub(crate) at: Timestamp,
}

impl OfferHandle {
    /// As it travels.
    pub(crate) fn write(&self, state: &AppState) -> Result<String, StorageError> {
        let text = serde_json::to_string(self).map_err(|_| StorageError::Secret)?;
        state.database.vault().seal(PLACE, &text)
    }

    /// Reads a handle of a workspace; `None` if it is none of ours or its time is over.
    pub(crate) fn read(state: &AppState, workspace: WorkspaceId, handle: &str) -> Option<Self> {
        if handle.len() > MAX_HANDLE {
            return None;
        }
        let text = state.database.vault().open(PLACE, handle).ok()?;
        let read: Self = serde_json::from_str(text.expose_secret()).ok()?;
        let is_open = state.clock.now() <= read.at.plus_minutes(BOOK_MINUTES);
        (read.workspace == workspace && is_open).then_some(read)
    }
}
