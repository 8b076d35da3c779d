//! Signing in: the OAuth flows, and what a token tells about its user.

pub(super) mod authorize;
mod client;
pub(super) mod device;
pub(super) mod discovery;
mod form;
mod grant;
mod id_token;
pub(super) mod identity;
pub(super) mod introspect;
mod issue;
pub(super) mod login;
mod password;
mod redirect;
pub(super) mod revoke;
mod scopes;
pub(super) mod token;

pub(super) use password::password_is_right;
