//! What somebody who books asks for, and why there may be no booking.

use domain::form::Answers;
use domain::value::{ConversionId, FieldProblem, Language, MemberId, OfferId, RoutingDecisionId, Timestamp};
use storage::StorageError;

/// Where a booking comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// A visitor on its page.
    #[default]
    Page,
    /// A visitor in a dialog on the customer's website.
    Dialog {
        /// The dialog that was offered.
        offer: OfferId,
        /// The conversion of which it came.
        conversion: Option<ConversionId>,
    },
    /// A program, by the name of its key.
    Key(String),
}

/// A router's decision that led to a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// The decision.
    pub decision: RoutingDecisionId,
    /// The members who are meant, the host first; empty for the page's own choice.
    pub hosts: Vec<MemberId>,
}

/// What someone asks for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct BookingRequest {
    /// When it is to start; `None` when the text was no time.
    pub start: Option<Timestamp>,
    /// The visitor's address.
    pub email: String,
    /// 氏名, on pages with one field.
    pub name: String,
    /// 姓, on pages with two fields.
    pub family_name: String,
    /// 名, on pages with two fields.
    pub given_name: String,
    /// 会社名
    pub company: String,
    /// Fellow attendees.
    pub guests: Vec<String>,
    /// Members by id or address who are to attend; the page's choice when empty.
    pub hosts: Vec<String>,
    /// What a router decided about the visitor; its members attend.
    pub routed: Option<Routed>,
    /// Answers to the form.
    pub answers: Answers,
    /// Another system's id.
    pub external_id: Option<String>,
    /// The language in which it is booked.
    pub language: Language,
    /// Where it was booked.
    pub source: Source,
    /// The caller's key for doing it once, and the hash of its request.
    pub idempotency: Option<(String, String)>,
}

/// Why there is no booking.
#[derive(Debug, thiserror::Error)]
pub enum BookingProblem {
    /// Fields are at fault; nothing was kept.
    #[error("fields are at fault: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// Someone else has the time.
    #[error("the time is taken")]
    SlotTaken,
    /// The key was used for a different request.
    #[error("the idempotency key was used for a different request")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
