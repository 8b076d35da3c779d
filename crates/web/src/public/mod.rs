//! What visitors see: booking pages, the page after booking, cancelling (B2, B3).

pub mod address;
pub mod book;
pub mod calendar;
pub mod cancel;
pub mod days;
pub mod done;
pub mod form;
pub mod links;
pub mod month;
