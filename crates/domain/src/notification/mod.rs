//! Telling people outside the console what happened: which events, by which channel, in which words (N1).

mod channel;
mod event;
mod inbox_message;
mod message;
mod notice;
mod schedule;
mod settings;
mod slack_webhook;
mod text;

pub use channel::Channel;
pub use event::NotificationEvent;
pub use inbox_message::InboxMessage;
pub use message::{NotificationDelivery, NotificationState, TestResult};
pub use notice::{Notice, NoticeKind, RunNews};
pub use schedule::{GROUP_SECONDS, GROUP_WAIT_SECONDS, after_failure, limit_is_near};
pub use settings::{
    EmailInput, EmailSettings, EventsInput, InAppSettings, MAX_ADDRESSES, NotificationInput,
    NotificationSettings, SlackInput, SlackSettings, WebhookChange, check_notifications,
};
pub use slack_webhook::{InvalidWebhook, SlackWebhook};
pub use text::{MessageContext, MessageText};
