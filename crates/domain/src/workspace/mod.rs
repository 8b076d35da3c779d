//! Who may do what in a workspace.

mod role;

pub use role::Role;
