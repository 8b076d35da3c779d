//! The tag's key, what it reported, and whom and what it has seen.

pub mod conversions;
pub mod forms_seen;
pub mod keys;
pub mod offers;
pub mod pages_seen;
pub mod retention;
pub mod sites;
pub mod visitors;
