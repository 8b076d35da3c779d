//! Account Engagement: which lists there are, and who is on them (E1, E3).

pub(crate) mod checkpoint;
pub(crate) mod client;
pub(crate) mod failure;
pub(crate) mod lists;
pub(crate) mod member_sync;
pub(crate) mod members;
pub(crate) mod unit_check;
