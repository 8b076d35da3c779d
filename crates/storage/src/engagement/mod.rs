//! Members of Account Engagement lists (E3).

pub mod members;
