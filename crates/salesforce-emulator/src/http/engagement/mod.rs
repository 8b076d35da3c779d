//! `/api/v5/…`: Account Engagement, which real orgs answer at a host of its own.

mod actions;
mod call;
mod exports;
mod handle;
mod objects;
mod shown;

pub(super) use call::refused;
pub(super) use handle::handle;
