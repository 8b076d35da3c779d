//! Something that people are told: what it is for the program, and the sentence for people.

use crate::delivery::{Delivery, Subject};
use crate::notification::NotificationEvent;
use crate::run::RunKind;
use crate::value::Step;
use serde::{Deserialize, Serialize};

/// What a run has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunNews {
    /// It failed.
    Failed,
    /// It was stopped.
    Stopped,
    /// A run that a user requested is finished.
    Finished,
    /// It went on without fields that the org does not show any more.
    LeftOut,
}

impl RunNews {
    const ALL: [Self; 4] = [Self::Failed, Self::Stopped, Self::Finished, Self::LeftOut];

    const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::LeftOut => "left-out",
        }
    }
}

/// What a notice is about; code decides by this and never by the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A delivery was given up.
    DeliveryFailed,
    /// The org took an address for none; the record was saved without it.
    EmailRefused,
    /// Salesforce refuses the stored token; the connection was released (C6).
    ConnectionReleased,
    /// The org's API calls of the day are nearly used up (C9).
    ApiLimitNear,
    /// A form of the website that brought conversions brings none any more.
    FormSilent,
    /// People, or values of theirs, can't be synced (S11).
    PeopleErrors,
    /// A sync or an import.
    Run(RunKind, RunNews),
    /// A user tries a channel.
    Test,
}

impl NoticeKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        let runs = RunKind::ALL.into_iter().flat_map(|kind| RunNews::ALL.map(|news| Self::Run(kind, news)));
        [
            Self::DeliveryFailed,
            Self::EmailRefused,
            Self::ConnectionReleased,
            Self::ApiLimitNear,
            Self::FormSilent,
            Self::PeopleErrors,
            Self::Test,
        ]
        .into_iter()
        .chain(runs)
    }

    /// The word in the database; the sentence is in the catalogues under `notice-{name}`.
    pub fn name(self) -> String {
        match self {
            Self::DeliveryFailed => "delivery-failed".to_owned(),
            Self::EmailRefused => "email-refused".to_owned(),
            Self::ConnectionReleased => "connection-released".to_owned(),
            Self::ApiLimitNear => "api-limit-near".to_owned(),
            Self::FormSilent => "form-silent".to_owned(),
            Self::PeopleErrors => "people-errors".to_owned(),
            Self::Run(kind, news) => format!("{}-{}", kind.message_prefix(), news.name()),
            Self::Test => "notification-test".to_owned(),
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// The event by which channels choose; `None` for a test, which goes where it is sent.
    pub const fn event(self) -> Option<NotificationEvent> {
        match self {
            Self::DeliveryFailed | Self::EmailRefused => Some(NotificationEvent::DeliveryFailed),
            Self::ConnectionReleased => Some(NotificationEvent::ConnectionReleased),
            Self::ApiLimitNear => Some(NotificationEvent::ApiLimitNear),
            Self::FormSilent => Some(NotificationEvent::FormSilent),
            Self::PeopleErrors => Some(NotificationEvent::PeopleErrors),
            Self::Run(_, RunNews::Failed | RunNews::Stopped) => Some(NotificationEvent::SyncFailed),
            Self::Run(_, RunNews::Finished) => Some(NotificationEvent::SyncFinished),
            Self::Run(_, RunNews::LeftOut) => Some(NotificationEvent::SyncLeftOut),
            Self::Test => None,
        }
    }
}

/// Something that people are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// The booking, submission or person it is about; `None` for notices about the workspace.
    pub subject: Option<Subject>,
    /// Notices with one cause share this and may be joined; `None` for those that go out one by one.
    pub cause: Option<String>,
    /// The sentence, under `notice-{message.code}`.
    pub message: Step,
}

impl Notice {
    /// A notice about the workspace.
    pub fn new(kind: NoticeKind) -> Self {
        Self { kind, subject: None, cause: None, message: Step::new(&kind.name()) }
    }

    /// A delivery was given up. Those of one cause are joined, as they may come by the hundred.
    pub fn delivery_failed(delivery: &Delivery) -> Self {
        let code = delivery.error_code.as_deref().unwrap_or_default();
        let notice = Self::new(NoticeKind::DeliveryFailed)
            .with("kind", delivery.kind.name())
            .with("code", code)
            .with(delivery.subject.kind.name(), delivery.subject.id);
        Self { subject: Some(delivery.subject), cause: Some(code.to_owned()), ..notice }
    }

    /// A record was saved without its e-mail, which the org refused; those of one day's worth are joined.
    pub fn email_refused(delivery: &Delivery) -> Self {
        let notice =
            Self::new(NoticeKind::EmailRefused).with(delivery.subject.kind.name(), delivery.subject.id);
        Self { subject: Some(delivery.subject), cause: Some("email".to_owned()), ..notice }
    }

    /// What a run has to tell.
    pub fn run(kind: RunKind, news: RunNews) -> Self {
        Self::new(NoticeKind::Run(kind, news))
    }

    /// The same notice with a value that its sentence names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.message = self.message.with(name, value);
        self
    }

    /// The same notice with a reason: its code as `reason`, and its values.
    #[must_use]
    pub fn because(mut self, reason: &Step) -> Self {
        self.message.data.extend(reason.data.clone());
        self.with("reason", &reason.code)
    }
}
