//! Setting the company import up in four steps (企業データ連携; Y1): object, conditions, mapping, confirmation.
//!
//! What is being prepared is a draft of the workspace; nothing of it is in use before the last step.

pub mod chooser;
pub mod condition_rows;
pub mod conditions;
pub mod confirm;
pub mod mapping;
pub mod mapping_rows;
pub mod object;
pub mod overview;
pub mod steps;
pub mod telling;
