//! The pages through the front door: the router over a database of its own.

mod booking;
mod support;
