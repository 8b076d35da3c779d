//! Forms and what visitors send by them (F).

pub mod drafts;
pub mod forms;
pub mod submission_keys;
pub mod submissions;
