//! Loads what deliveries are about and makes jobs of them: one arm per kind of subject.

use crate::delivery::decide::decide_booking;
use crate::delivery::job::DeliveryJob;
use domain::booking::{Booking, BookingPage};
use domain::delivery::{Delivery, Need, SubjectKind};
use domain::value::{BookingId, PageId, WorkspaceId};
use std::collections::HashMap;
use std::sync::Arc;
use storage::booking::{bookings, pages};
use storage::{Read, StorageError};

/// The subjects of some deliveries.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    bookings: HashMap<BookingId, Arc<Booking>>,
    pages: HashMap<PageId, Arc<BookingPage>>,
}

impl Subjects {
    /// Loads everything that the deliveries are about.
    pub(crate) async fn load(
        read: &Read<'_>,
        workspace: WorkspaceId,
        deliveries: &[Delivery],
    ) -> Result<Self, StorageError> {
        let mut ids: Vec<BookingId> =
            deliveries.iter().filter_map(|delivery| delivery.subject.booking()).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let found = bookings::find_many(read, workspace, &ids).await?;
        let found_pages = pages::list(read, workspace).await?;
        Ok(Self {
            bookings: found.into_iter().map(|booking| (booking.id, Arc::new(booking))).collect(),
            pages: found_pages.into_iter().map(|page| (page.id, Arc::new(page))).collect(),
        })
    }

    /// Whether a delivery's subject is there.
    pub(crate) fn has(&self, delivery: &Delivery) -> bool {
        let booking = delivery.subject.booking().and_then(|id| self.bookings.get(&id));
        booking.is_some_and(|booking| self.pages.contains_key(&booking.page))
    }

    /// The job of a delivery; `None` when its subject is not there.
    pub(crate) fn job(&self, delivery: Delivery) -> Option<DeliveryJob> {
        match delivery.subject.kind {
            SubjectKind::Booking => {
                let booking = self.bookings.get(&delivery.subject.booking()?)?;
                let page = self.pages.get(&booking.page)?;
                Some(booking_job(delivery, Arc::clone(booking), Arc::clone(page)))
            }
            // Forms and the two-way sync make no deliveries yet.
            SubjectKind::Submission | SubjectKind::Person => None,
        }
    }
}

/// The job of one of a booking's deliveries.
pub(crate) fn booking_job(delivery: Delivery, booking: Arc<Booking>, page: Arc<BookingPage>) -> DeliveryJob {
    DeliveryJob {
        needs: Need::of_booking(&delivery, &booking),
        delivery,
        decide: Arc::new(move |delivery, context| decide_booking(delivery, &booking, &page, context)),
    }
}
