//! Forms and their submissions (フォーム; F).

pub mod editor;
pub mod field_suggestions;
mod inputs;
pub mod list;
pub mod preview;
mod read;
mod rows;
pub mod submission;
pub mod submissions;
pub mod try_out;
