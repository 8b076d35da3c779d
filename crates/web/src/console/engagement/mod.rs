//! Account Engagement lists and their rules.

pub mod form;
pub mod lists;
