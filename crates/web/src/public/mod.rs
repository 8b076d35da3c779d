//! What visitors see.

pub mod booking;
pub mod brand;
pub mod form;
pub mod mailing;
pub mod router;
pub mod tag;
