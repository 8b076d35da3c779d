//! What a decision needs to know of the org before it can be made.

use crate::booking::Booking;
use crate::delivery::form_record::match_value;
use crate::delivery::{Delivery, DeliveryKind};
use crate::form::{Form, Submission};
use crate::value::{DeliveryId, EmailAddress, Timestamp};
use jiff::civil::Date;

/// One thing to look up. The needs of all deliveries of a round are looked up together, in one call as a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Leads and Contacts with an e-mail.
    People {
        /// The e-mail.
        email: EmailAddress,
    },
    /// Active Users with an e-mail.
    Users {
        /// The e-mail.
        email: EmailAddress,
    },
    /// An object as the connected user sees it.
    Describe {
        /// Its API name.
        object: String,
    },
    /// Records that an earlier attempt of this delivery made, of which nothing is known here any more: a restored
    /// backup has forgotten it.
    OwnRecords {
        /// The object's API name.
        object: String,
        /// The delivery.
        delivery: DeliveryId,
        /// They can't be older.
        since: Timestamp,
        /// Where to look if the object has no external ID field.
        search: OwnSearch,
    },
    /// Records whose field has a value.
    Records {
        /// The object's API name.
        object: String,
        /// The field that is compared.
        field: String,
        /// The value that it has.
        value: String,
    },
}

/// Where records of ours are looked for by their marker, which itself can't be filtered on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnSearch {
    /// Among those of some days.
    Days {
        /// The date field.
        field: String,
        /// The days.
        days: Vec<Date>,
    },
    /// Among those of one moment.
    Moment {
        /// The date/time field.
        field: String,
        /// The moment.
        at: Timestamp,
    },
    /// Nowhere: they are found in another way.
    ByExternalIdOnly,
}

impl Need {
    /// What a booking's delivery needs: the attendee, the hosts, describes of what it creates, and what it may have
    /// created before.
    pub fn of_booking(delivery: &Delivery, booking: &Booking) -> Vec<Self> {
        let mut needs = vec![Self::People { email: booking.attendee.email.clone() }];
        needs.extend(booking.hosts.iter().map(|host| Self::Users { email: host.email.clone() }));
        let creates: &[&str] = match delivery.kind {
            DeliveryKind::Page => &["Lead", "Event"],
            DeliveryKind::Todo => &["Task"],
            DeliveryKind::Campaign | DeliveryKind::Record => &[],
        };
        needs.extend(creates.iter().map(|object| Self::Describe { object: (*object).to_owned() }));
        if delivery.records.is_empty() {
            needs.extend(creates.iter().map(|object| Self::OwnRecords {
                object: (*object).to_owned(),
                delivery: delivery.id,
                since: booking.created_at,
                search: own_search(object, booking),
            }));
        }
        needs
    }

    /// What a submission's delivery needs: the record with its match value, the describe, and what it may have created
    /// before.
    pub fn of_submission(delivery: &Delivery, submission: &Submission, form: &Form) -> Vec<Self> {
        let object = form.salesforce.object.clone();
        let mut needs = vec![Self::Describe { object: object.clone() }];
        if let Some((field, value)) = match_value(form, submission) {
            needs.push(Self::Records { object: object.clone(), field, value });
        }
        if delivery.records.is_empty() {
            needs.push(Self::OwnRecords {
                object,
                delivery: delivery.id,
                since: submission.created_at,
                search: OwnSearch::ByExternalIdOnly,
            });
        }
        needs
    }
}

fn own_search(object: &str, booking: &Booking) -> OwnSearch {
    match object {
        "Event" => OwnSearch::Moment { field: "StartDateTime".to_owned(), at: booking.start },
        "Task" => {
            // Which day it is depends on the zone: one of three.
            let day = booking.day_in("UTC");
            let days = [day.yesterday().ok(), Some(day), day.tomorrow().ok()].into_iter().flatten().collect();
            OwnSearch::Days { field: "ActivityDate".to_owned(), days }
        }
        // A Lead is found by its e-mail anyway.
        _ => OwnSearch::ByExternalIdOnly,
    }
}
