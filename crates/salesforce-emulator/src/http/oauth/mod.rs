//! Signing in.

pub(super) mod token;
