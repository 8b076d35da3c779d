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
pub(super) mod login;
mod public_key;
pub(super) mod revoke;
pub(super) mod token;

pub(super) use grant::password_is_right;
pub(crate) use public_key::rsa_key;
