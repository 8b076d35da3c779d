//! The ids of Tsugite's own things: time-ordered UUIDs, one type each so they can't be mixed up.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

id_types! {
    /// One customer of this server; the first column of every table (Q2).
    WorkspaceId;
    /// A form of a website (F).
    FormId;
    /// What a visitor sent by a form (F).
    SubmissionId;
    /// A router (G).
    RouterId;
    /// What a router decided about a visitor (G4).
    RoutingDecisionId;
    /// A change of what is due to a host (G5).
    LedgerEntryId;
    /// A person of the two-way sync (S).
    PersonId;
    /// A change of one field of a person.
    PersonChangeId;
    /// A value of a person that lost in a conflict (S12).
    PersonConflictId;
    /// What a person has agreed to or refused.
    PersonConsentId;
    /// Two people who turned out to be one.
    PersonMergeId;
    /// A file with people that was imported.
    PeopleImportId;
    /// A mail to many people (S14).
    MailingId;
    /// A person to whom a mailing goes.
    MailingRecipientId;
    /// A segment of people (S14).
    SegmentId;
    /// A person who signs in to the console.
    AccountId;
    /// Someone who can be booked.
    MemberId;
    /// A group of members with booking pages.
    TeamId;
    /// A booking page.
    PageId;
    /// A meeting that a visitor booked.
    BookingId;
    /// One intended effect of a booking in Salesforce.
    DeliveryId;
    /// A question that the console puts to the engine.
    OrgRequestId;
    /// What the tag recognised of one attempt to send a form.
    ConversionId;
    /// A dialog that was offered to a visitor.
    OfferId;
    /// A key for the REST API.
    ApiKeyId;
    /// A message to the people of a workspace.
    InboxMessageId;
    /// A message on its way to someone outside the console.
    OutgoingMessageId;
    /// A run of a sync or an import.
    RunId;
    /// A saved view of a list.
    SavedViewId;
    /// A line of a booking's timeline.
    TimelineEntryId;
}
