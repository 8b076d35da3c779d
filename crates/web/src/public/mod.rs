//! What visitors see.

pub mod booking;
pub mod brand;
pub mod tag;
