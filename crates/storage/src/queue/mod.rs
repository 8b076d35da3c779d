//! Who may work on what.

pub mod org_lease;
