//! Notifications: their settings, tests of a channel, and outgoing messages.

pub mod channel_test;
pub mod outbox;
pub mod settings;
pub mod settings_response;
