//! Booking pages, the confirmation after booking, cancelling (B2, B3).

pub mod book;
pub(crate) mod booking_limit;
pub mod cancel;
pub mod confirmation;
pub mod days;
pub mod form;
pub mod ics;
pub mod month;
pub(crate) mod proof_of_work;
pub(crate) mod routed;
pub mod signed_links;
pub mod url;
pub mod zone;
