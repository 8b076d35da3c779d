//! Who may do what in a workspace.

mod api_scope;
mod role;

pub use api_scope::ApiScope;
pub use role::Role;
