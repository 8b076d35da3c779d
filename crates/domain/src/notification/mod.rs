//! Telling people outside the console what happened: which events, by which channel, in which words (N1).

mod answer;
mod channel;
mod event;
mod settings;
mod timing;
mod webhook;
mod wording;

pub use answer::{NotificationDelivery, NotificationState, TestResult};
pub use channel::Channel;
pub use event::NotificationEvent;
pub use settings::{
    EmailInput, EmailSettings, EventsInput, InAppSettings, MAX_ADDRESSES, NotificationInput,
    NotificationSettings, SlackInput, SlackSettings, WebhookChange, check_notifications,
};
pub use timing::{GROUP_SECONDS, GROUP_WAIT_SECONDS, after_failure, group_of, limit_is_near};
pub use webhook::{InvalidWebhook, SlackWebhook};
pub use wording::{MessageContext, MessageText};
