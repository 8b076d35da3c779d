//! `/tag`, `/conversions` and the visitor tag's switch.

pub mod body;
pub mod conversions;
pub mod reconciliation;
pub mod settings;
pub mod visitor_tag;
pub mod why;
