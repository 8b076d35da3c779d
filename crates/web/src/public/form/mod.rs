//! Forms for visitors: filling in, confirming, sending, and what comes then (F1).

mod confirm;
pub mod done;
mod fields;
mod limit;
mod open;
pub mod send;
pub mod show;
pub mod shown;
pub mod token;
