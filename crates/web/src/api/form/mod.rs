//! `/forms` and `/submissions` (F).

mod body;
pub mod forms;
pub mod response;
pub mod submissions;
