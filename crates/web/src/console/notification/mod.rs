//! The inbox and the notification settings.

pub mod inbox;
pub mod settings;
