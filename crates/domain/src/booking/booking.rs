//! A booking: who meets whom, when, and what they answered.

use crate::form::Answers;
use crate::value::{BookingId, EmailAddress, Language, MemberId, PageId, PersonName, Timestamp};
use serde::{Deserialize, Serialize};

/// The visitor who books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// Where the confirmation goes, and the key by which Salesforce is searched (K5).
    pub email: EmailAddress,
    /// The name as the form asked for it.
    #[serde(flatten)]
    pub name: PersonName,
    /// 会社名; empty when it was left blank.
    #[serde(default)]
    pub company: String,
}

/// A member of the team who takes part, as known when the booking was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Which member.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// The address by which the Salesforce User is found (K6, K13).
    pub email: EmailAddress,
}

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BookingState {
    /// It will take place, or did.
    Confirmed,
    /// It was cancelled; its time is free again.
    Cancelled,
}

impl BookingState {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Confirmed, Self::Cancelled];

    /// The word in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Whether the visitor came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingOutcome {
    /// The meeting took place.
    Held,
    /// The visitor did not come; the host's turn is given back (G5).
    NoShow,
}

impl MeetingOutcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Held, Self::NoShow];

    /// The word in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NoShow => "no_show",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A meeting that a visitor booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its id; also the reference in the console.
    pub id: BookingId,
    /// The page on which it was made.
    pub page: PageId,
    /// That page's address part, `team/page`, as it was then.
    pub page_path: String,
    /// What the meeting is called.
    pub title: String,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The zone in which its day counts (K2): the page's.
    pub time_zone: String,
    /// The visitor.
    pub attendee: Attendee,
    /// Fellow attendees (同席者); no Lead is made of them (K11).
    pub guests: Vec<EmailAddress>,
    /// Who meets the visitor, in the page's member order; the first is the meeting host (K6).
    pub hosts: Vec<Host>,
    /// The answers to the form.
    pub answers: Answers,
    /// The language in which it was booked.
    pub language: Language,
    /// Where it stands.
    pub state: BookingState,
    /// Whether the visitor came; `None` until somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<MeetingOutcome>,
    /// Why these hosts (割当理由), as a router decided, in the workspace's language; empty if none did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub routing: String,
    /// An id given by another system.
    pub external_id: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Booking {
    /// The calendar day of the meeting in a zone; UTC when the zone is unknown.
    pub fn day_in(&self, time_zone: &str) -> jiff::civil::Date {
        local(self.start, time_zone).date()
    }
}

/// When a day begins in a zone; `None` for days that no calendar can name.
pub fn start_of_day(day: jiff::civil::Date, time_zone: &str) -> Option<Timestamp> {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    zone.to_ambiguous_timestamp(midnight).compatible().ok().map(Timestamp::from_jiff)
}

/// A moment as the clocks of a zone show it; UTC when the zone is unknown.
pub fn local(moment: Timestamp, time_zone: &str) -> jiff::ZonedDateTime {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    moment.to_jiff().to_zoned_datetime(zone)
}
