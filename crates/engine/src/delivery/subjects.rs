//! Loads what deliveries are about and makes jobs of them: one arm per kind of subject.

use crate::delivery::decide::{decide_booking, decide_submission};
use crate::delivery::job::DeliveryJob;
use domain::booking::{Booking, BookingPage};
use domain::delivery::{Delivery, Need, SubjectKind};
use domain::form::{Form, Submission};
use domain::value::{BookingId, FormId, PageId, SubmissionId, WorkspaceId};
use std::collections::HashMap;
use std::sync::Arc;
use storage::booking::{bookings, pages};
use storage::form::{forms, submissions};
use storage::{Read, StorageError};

/// The subjects of some deliveries.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    bookings: HashMap<BookingId, Arc<Booking>>,
    pages: HashMap<PageId, Arc<BookingPage>>,
    submissions: HashMap<SubmissionId, Arc<Submission>>,
    forms: HashMap<FormId, Arc<Form>>,
}

impl Subjects {
    /// Loads everything that the deliveries are about.
    pub(crate) async fn load(
        read: &Read<'_>,
        workspace: WorkspaceId,
        deliveries: &[Delivery],
    ) -> Result<Self, StorageError> {
        let mut subjects = Self::default();
        let ids = distinct(deliveries.iter().filter_map(|delivery| delivery.subject.booking()));
        if !ids.is_empty() {
            let found = bookings::find_many(read, workspace, &ids).await?;
            subjects.bookings = found.into_iter().map(|booking| (booking.id, Arc::new(booking))).collect();
            let pages = pages::list(read, workspace).await?;
            subjects.pages = pages.into_iter().map(|page| (page.id, Arc::new(page))).collect();
        }
        let ids = distinct(deliveries.iter().filter_map(|delivery| delivery.subject.submission()));
        if !ids.is_empty() {
            let found = submissions::find_many(read, workspace, &ids).await?;
            subjects.submissions = found.into_iter().map(|one| (one.id, Arc::new(one))).collect();
            let forms = forms::list(read, workspace).await?;
            subjects.forms = forms.into_iter().map(|form| (form.id, Arc::new(form))).collect();
        }
        Ok(subjects)
    }

    /// Whether a delivery's subject is there.
    pub(crate) fn has(&self, delivery: &Delivery) -> bool {
        let booking = delivery.subject.booking().and_then(|id| self.bookings.get(&id));
        let submission = delivery.subject.submission().and_then(|id| self.submissions.get(&id));
        booking.is_some_and(|booking| self.pages.contains_key(&booking.page))
            || submission.is_some_and(|submission| self.forms.contains_key(&submission.form))
    }

    /// The job of a delivery; `None` when its subject is not there.
    pub(crate) fn job(&self, delivery: Delivery) -> Option<DeliveryJob> {
        match delivery.subject.kind {
            SubjectKind::Booking => {
                let booking = self.bookings.get(&delivery.subject.booking()?)?;
                let page = self.pages.get(&booking.page)?;
                Some(booking_job(delivery, Arc::clone(booking), Arc::clone(page)))
            }
            SubjectKind::Submission => {
                let submission = self.submissions.get(&delivery.subject.submission()?)?;
                let form = self.forms.get(&submission.form)?;
                Some(submission_job(delivery, Arc::clone(submission), Arc::clone(form)))
            }
            // The two-way sync makes no deliveries yet.
            SubjectKind::Person => None,
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

/// The job of a submission's delivery.
pub(crate) fn submission_job(
    delivery: Delivery,
    submission: Arc<Submission>,
    form: Arc<Form>,
) -> DeliveryJob {
    DeliveryJob {
        needs: Need::of_submission(&delivery, &submission, &form),
        delivery,
        decide: Arc::new(move |delivery, context| decide_submission(delivery, &submission, &form, context)),
    }
}

fn distinct<I: Ord>(ids: impl Iterator<Item = I>) -> Vec<I> {
    let ids: std::collections::BTreeSet<I> = ids.collect();
    ids.into_iter().collect()
}
