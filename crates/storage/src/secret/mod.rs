//! Secrets encrypted at rest, and hashes of tokens.

pub mod token_hash;
pub mod vault;
