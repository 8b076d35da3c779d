//! Mailings as the API shows them.

use crate::api::value::{
    BounceKindWord, Id, LanguageWord, MailingStateWord, PauseReasonWord, RecipientStateWord, Time,
};
use domain::mailing::{Audience, FilledMailing, RecipientState};
use serde::Serialize;
use std::collections::BTreeMap;
use storage::mailing::mailings::Mailing;
use storage::mailing::recipients::Recipient;
use utoipa::ToSchema;

/// A mailing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Mailing)]
pub struct MailingResponse {
    /// Its ID.
    id: Id,
    /// How it stands.
    state: MailingStateWord,
    /// What it is called here.
    #[schema(example = "6月のお知らせ")]
    name: String,
    /// The language of what is appended.
    language: LanguageWord,
    /// To whom it goes.
    audience: AudienceResponse,
    /// The subject, with `{{placeholders}}` of person fields.
    #[schema(example = "{{last_name}}様へのご案内")]
    subject: String,
    /// The text part.
    #[schema(example = "{{last_name}}様\nいつもお世話になっております。")]
    text: String,
    /// The HTML part; empty for none.
    #[schema(example = "<p>{{last_name}}様</p>")]
    html: String,
    /// Grows with every change by people; `PUT` may name it, so that nobody's change is lost.
    #[schema(example = 3)]
    version: i64,
    /// When it begins, if it is scheduled.
    start_at: Option<Time>,
    /// When it began.
    started_at: Option<Time>,
    /// When nothing was left of it, or it was broken off.
    finished_at: Option<Time>,
    /// Why it stands still; null if it does not.
    pause_reason: Option<PauseReasonWord>,
    /// How many recipients stand how. Who is left out from the beginning is not counted.
    #[schema(example = json!({ "sent": 1198, "failed": 2, "suppressed": 4 }))]
    counts: BTreeMap<&'static str, u64>,
    /// Mails that came back.
    #[schema(example = 2)]
    bounced: u64,
    /// People who complained.
    #[schema(example = 0)]
    complained: u64,
    /// When it was made.
    created_at: Time,
    /// When something of it changed last.
    updated_at: Time,
}

/// To whom a mailing goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Audience)]
pub struct AudienceResponse {
    /// `everyone` or `segment`.
    #[schema(example = "everyone")]
    kind: &'static str,
    /// The segment; null for everyone.
    segment: Option<Id>,
}

/// Mailings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MailingList {
    /// The latest first.
    pub(super) mailings: Vec<MailingResponse>,
    /// For the next page; null on the last one.
    #[schema(example = "019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11")]
    pub(super) next_cursor: Option<String>,
}

/// A mailing as one person gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MailingPreview {
    /// The subject.
    #[schema(example = "山田様へのご案内")]
    subject: String,
    /// The text part, with what is appended.
    #[schema(example = "山田様\nいつもお世話になっております。")]
    text: String,
    /// The HTML part; empty for none.
    #[schema(example = "<p>山田様</p>")]
    html: String,
}

/// Somebody who gets a mailing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MailingRecipient)]
pub struct RecipientResponse {
    /// Its ID.
    id: Id,
    /// The person.
    person: Id,
    /// The address, in lower case.
    #[schema(example = "taro@sample.example")]
    email: String,
    /// How it stands.
    state: RecipientStateWord,
    /// Why nothing is sent: `opted_out`, `bounced`, `complained` or `gone`; null otherwise.
    #[schema(example = "opted_out")]
    reason: Option<String>,
    /// What the mail server said last.
    #[schema(example = "250 2.0.0 Ok: queued")]
    answer: String,
    /// What came back; null if nothing did.
    bounce: Option<BounceKindWord>,
    /// How often it was tried.
    #[schema(example = 1)]
    attempts: i64,
    /// When something of it changed last.
    updated_at: Time,
}

/// Recipients of a mailing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecipientList {
    /// By address.
    pub(super) recipients: Vec<RecipientResponse>,
    /// For the next page; null on the last one.
    #[schema(example = "taro@sample.example 019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11")]
    pub(super) next_cursor: Option<String>,
}

impl MailingResponse {
    /// Shows a mailing.
    pub(super) fn of(mailing: Mailing, counts: &[(RecipientState, u64)]) -> Self {
        let content = mailing.content;
        let is_scheduled = mailing.state == domain::mailing::MailingState::Scheduled;
        Self {
            id: mailing.id.into(),
            state: mailing.state.into(),
            name: content.name,
            language: content.language.into(),
            audience: content.audience.into(),
            subject: content.subject,
            text: content.text,
            html: content.html,
            version: mailing.version,
            start_at: is_scheduled.then(|| mailing.due_at.into()),
            started_at: mailing.started_at.map(Time::from),
            finished_at: mailing.finished_at.map(Time::from),
            pause_reason: mailing.pause_reason.map(PauseReasonWord::from),
            counts: counts.iter().map(|(state, count)| (state.name(), *count)).collect(),
            bounced: mailing.health.bounced,
            complained: mailing.health.complained,
            created_at: mailing.created_at.into(),
            updated_at: mailing.updated_at.into(),
        }
    }
}

impl From<Audience> for AudienceResponse {
    fn from(audience: Audience) -> Self {
        let segment = match &audience {
            Audience::Everyone => None,
            Audience::Segment { segment } => Some((*segment).into()),
        };
        Self { kind: audience.name(), segment }
    }
}

impl From<FilledMailing> for MailingPreview {
    fn from(filled: FilledMailing) -> Self {
        Self { subject: filled.subject, text: filled.text, html: filled.html }
    }
}

impl From<Recipient> for RecipientResponse {
    fn from(recipient: Recipient) -> Self {
        Self {
            id: recipient.id.into(),
            person: recipient.person.into(),
            email: recipient.email_key,
            state: recipient.state.into(),
            reason: Some(recipient.reason).filter(|reason| !reason.is_empty()),
            answer: recipient.answer,
            bounce: recipient.bounce.map(BounceKindWord::from),
            attempts: recipient.attempts,
            updated_at: recipient.updated_at.into(),
        }
    }
}
