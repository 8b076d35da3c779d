//! Who may work on what.

pub mod lease;
pub mod org_lease;
pub mod wake;
