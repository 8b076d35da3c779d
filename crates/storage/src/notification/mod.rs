//! The inbox in the console, and messages sent outside it (N1).

pub mod inbox;
pub mod outbox;
pub mod settings;
