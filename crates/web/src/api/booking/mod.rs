//! Bookings and booking pages.

pub mod bookings;
pub mod pages;
pub mod response;
