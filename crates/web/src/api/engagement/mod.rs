//! Account Engagement's lists.

pub mod response;
pub mod settings;
