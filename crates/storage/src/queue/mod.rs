//! Who may work on what.

pub(crate) mod lease;
pub mod org_lease;
pub mod wake;
