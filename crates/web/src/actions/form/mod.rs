//! Forms and what is sent by them (F).

pub(crate) mod after;
pub mod forms;
pub mod submission;
