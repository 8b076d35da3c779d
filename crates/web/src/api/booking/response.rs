//! Bookings as the API shows them, with their deliveries and timelines.

use crate::api::delivery::response::{DeliveryResponse, StepResponse};
use crate::api::value::{BookingStateWord, Email, Id, LanguageWord, Time};
use domain::booking::{Attendee, Booking, Host};
use domain::form::Answers;
use domain::value::{Language, PersonName};
use serde::Serialize;
use storage::delivery::timeline::Entry;
use utoipa::ToSchema;

/// An answer: a text, or the chosen options.
#[derive(ToSchema)]
#[schema(as = Answer)]
#[serde(untagged)]
pub enum AnswerSchema {
    /// A text, an option, or a date as `2026-05-22`.
    #[schema(example = "Pricing")]
    One(String),
    /// Chosen options.
    #[schema(example = json!(["A", "B"]))]
    Many(Vec<String>),
}

/// The visitor: `name`, or `family_name` and `given_name` on pages that ask for both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attendee)]
pub struct AttendeeResponse {
    /// The email address.
    email: Email,
    /// 氏名
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "山田 太郎", nullable = false)]
    name: Option<String>,
    /// 姓
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "山田", nullable = false)]
    family_name: Option<String>,
    /// 名
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "太郎", nullable = false)]
    given_name: Option<String>,
    /// 会社名
    #[schema(example = "株式会社サンプル")]
    company: String,
}

impl From<&Attendee> for AttendeeResponse {
    fn from(attendee: &Attendee) -> Self {
        let (name, family_name, given_name) = match &attendee.name {
            PersonName::Whole { name } => (Some(name.clone()), None, None),
            PersonName::Split { family_name, given_name } => {
                (None, Some(family_name.clone()), Some(given_name.clone()))
            }
        };
        let email = Email::from(&attendee.email);
        Self { email, name, family_name, given_name, company: attendee.company.clone() }
    }
}

/// A member who attends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Host)]
pub struct HostResponse {
    /// The name.
    #[schema(example = "鈴木 一郎")]
    name: String,
    /// The email address.
    email: Email,
}

impl From<&Host> for HostResponse {
    fn from(host: &Host) -> Self {
        Self { name: host.name.clone(), email: Email::from(&host.email) }
    }
}

/// A booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Booking)]
pub struct BookingResponse {
    /// Its ID.
    id: Id,
    /// The booking page, as `team/page`.
    #[schema(example = "sales/demo")]
    page: String,
    /// What was booked, in the booking's language.
    #[schema(example = "オンライン面談")]
    title: String,
    /// Whether it takes place.
    state: BookingStateWord,
    /// Whether the visitor came: `held` or `no_show`; null until somebody says so.
    #[schema(example = "held")]
    outcome: Option<String>,
    /// When it starts.
    start: Time,
    /// When it ends.
    end: Time,
    /// The time zone of its page.
    #[schema(example = "Asia/Tokyo")]
    time_zone: String,
    /// The visitor.
    attendee: AttendeeResponse,
    /// Email addresses of fellow attendees.
    guests: Vec<Email>,
    /// Members who attend.
    hosts: Vec<HostResponse>,
    /// Answers by question key.
    #[schema(value_type = BTreeMap<String, AnswerSchema>, example = json!({ "topic": "Pricing", "interests": ["A", "B"] }))]
    answers: Answers,
    /// The language in which it was booked.
    language: LanguageWord,
    /// The caller's own ID for it.
    #[schema(example = "order-1042")]
    external_id: Option<String>,
    /// When it was created.
    created_at: Time,
}

impl From<&Booking> for BookingResponse {
    fn from(booking: &Booking) -> Self {
        Self {
            id: booking.id.into(),
            page: booking.page_path.clone(),
            title: booking.title.clone(),
            state: booking.state.into(),
            outcome: booking.outcome.map(|outcome| outcome.name().to_owned()),
            start: booking.start.into(),
            end: booking.end.into(),
            time_zone: booking.time_zone.clone(),
            attendee: (&booking.attendee).into(),
            guests: booking.guests.iter().map(Email::from).collect(),
            hosts: booking.hosts.iter().map(HostResponse::from).collect(),
            answers: booking.answers.clone(),
            language: booking.language.into(),
            external_id: booking.external_id.clone(),
            created_at: booking.created_at.into(),
        }
    }
}

/// A line of a booking's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
pub struct EntryResponse {
    /// What happened.
    #[serde(flatten)]
    step: StepResponse,
    /// When.
    at: Time,
    /// The delivery that it is about; null for the booking itself.
    delivery: Option<Id>,
}

impl EntryResponse {
    /// Shows a line in a language.
    pub fn of(entry: &Entry, language: Language) -> Self {
        let step = StepResponse::of(&entry.step, language);
        Self { step, at: entry.at.into(), delivery: entry.delivery.map(Id::from) }
    }
}

/// A booking with everything that it did in Salesforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BookingDetails)]
pub struct BookingDetails {
    /// The booking itself.
    #[serde(flatten)]
    pub booking: BookingResponse,
    /// What it does in Salesforce.
    pub deliveries: Vec<DeliveryResponse>,
    /// What happened, in order.
    pub timeline: Vec<EntryResponse>,
}
