//! Mails to many people (一斉メール): what they say, to whom, and what becomes of each (S14).

mod answer;
mod audience;
mod bounce;
mod content;
mod dsn;
mod footer;
mod health;
mod html;
mod pace;
mod settings;
mod state;
mod template;

pub use answer::{MAX_ATTEMPTS, RefusalStage, Reply, SendOutcome, after_reply};
pub use audience::Audience;
pub use bounce::{BounceKind, SOFT_BOUNCE_DAYS, SOFT_BOUNCES, SuppressionReason, is_suppressed_after};
pub use content::{ComposedMailing, FilledMailing, MAX_MAILING_TEXT, MailingContent, check_content, compose};
pub use dsn::{DeliveryReport, parse_dsn};
pub use footer::FooterWords;
pub use health::{Health, PauseReason, judge};
pub use pace::Pace;
pub use settings::{MailSettings, check_mail_settings, missing_for_sending};
pub use state::{MailingAction, MailingState, RecipientState, SkipReason};
pub use template::UNSUBSCRIBE_URL;
