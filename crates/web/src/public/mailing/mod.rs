//! What readers of mailings and mail services do here.

pub mod reports;
pub mod unsubscribe;
