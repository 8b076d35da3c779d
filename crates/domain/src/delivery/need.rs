//! What a decision needs to know of the org before it can be made.

use crate::booking::Booking;
use crate::delivery::DeliveryKind;
use crate::value::EmailAddress;

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

impl Need {
    /// What a booking's delivery needs: the attendee, the hosts and, for the page's records, two describes.
    pub fn of_booking(kind: DeliveryKind, booking: &Booking) -> Vec<Self> {
        let mut needs = vec![Self::People { email: booking.attendee.email.clone() }];
        needs.extend(booking.hosts.iter().map(|host| Self::Users { email: host.email.clone() }));
        if kind == DeliveryKind::Page {
            needs.extend(["Lead", "Event"].map(|object| Self::Describe { object: object.to_owned() }));
        }
        needs
    }
}
