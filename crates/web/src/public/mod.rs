//! What visitors see.

pub mod booking;
