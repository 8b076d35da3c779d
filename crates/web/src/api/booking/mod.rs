//! Bookings and booking pages.

pub mod bookings;
pub mod page_response;
pub mod pages;
pub mod response;
