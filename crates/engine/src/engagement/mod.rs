//! Account Engagement: which lists there are, and who is on them (E1, E3).

mod asking;
pub(crate) mod check;
mod failure;
mod lists;
mod members;
pub(crate) mod refresh;
mod work;
