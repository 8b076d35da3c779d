//! Setting the company import up in four steps (企業データ連携; Y1): object, conditions, mapping, confirmation.
//!
//! What is being prepared is a draft of the workspace; nothing of it is in use before the last step.

pub mod condition_rows;
pub mod conditions_step;
pub mod confirm_step;
pub mod field_picker;
pub mod mapping_rows;
pub mod mapping_step;
pub mod object_step;
pub mod overview;
pub mod summary;
pub mod wizard;
