//! Bookings: making and cancelling them, and saying whether the visitor came, for the public page, the dialog and the API.

mod cancel;
mod check;
mod deliveries;
pub(crate) mod hosts;
mod make;
mod outcome;
mod request;
pub(crate) mod routing;

pub use cancel::{ATTENDEE, cancel};
pub(crate) use check::is_valid;
pub use deliveries::deliveries_of;
pub use make::make;
pub use outcome::{OutcomeSaved, save_outcome};
pub use request::{BookingProblem, BookingRequest, Routed, Source};
