//! Booking pages, bookings and the hosts' occupied calendar cells.

pub mod bookings;
pub mod cells;
pub mod idempotency;
pub mod pages;
