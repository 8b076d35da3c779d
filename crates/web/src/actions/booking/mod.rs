//! Bookings: making and cancelling them, for the public page, the dialog and the API.

mod cancel;
mod check;
mod deliveries;
pub(crate) mod hosts;
mod make;
mod request;
pub(crate) mod routing;

pub use cancel::{ATTENDEE, cancel};
pub(crate) use check::is_valid;
pub use deliveries::deliveries_of;
pub use make::make;
pub use request::{BookingProblem, BookingRequest, Routed, Source};
