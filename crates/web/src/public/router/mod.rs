//! What colleagues see of a router who don't sign in.

pub mod shared;
