//! What people can be told about.

use serde::{Deserialize, Serialize};

/// A kind of event that can be sent by a channel or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotificationEvent {
    /// A sync or an import failed, or was stopped.
    SyncFailed,
    /// A sync or an import that someone asked for is finished.
    SyncFinished,
    /// A sync went on without fields that the org does not show any more.
    SyncLeftOut,
    /// Salesforce refuses the stored token; the connection was disconnected (C6).
    ConnectionReleased,
    /// A delivery was given up and waits for a person.
    DeliveryFailed,
    /// The org's API calls of the day are nearly used up (C9).
    ApiLimitNear,
    /// A form of the website that brought conversions brings none any more.
    FormSilent,
    /// People, or values of theirs, can't be synced (S11).
    PeopleErrors,
}

impl NotificationEvent {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::ConnectionReleased,
        Self::DeliveryFailed,
        Self::SyncFailed,
        Self::SyncLeftOut,
        Self::PeopleErrors,
        Self::SyncFinished,
        Self::ApiLimitNear,
        Self::FormSilent,
    ];

    /// The word in the API and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SyncFailed => "sync-failed",
            Self::SyncFinished => "sync-finished",
            Self::SyncLeftOut => "sync-left-out",
            Self::ConnectionReleased => "connection-released",
            Self::DeliveryFailed => "delivery-failed",
            Self::ApiLimitNear => "api-limit-near",
            Self::FormSilent => "form-silent",
            Self::PeopleErrors => "people-errors",
        }
    }

    /// The event with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}
