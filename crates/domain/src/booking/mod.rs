//! Booking pages, bookings and free times (B1–B3).

mod availability;
mod booking;
mod holidays;
mod page;
pub mod template;

pub use availability::{
    BusyCells, CELL_MINUTES, SlotProblem, cells, check_slot, end_of, free_members, is_free, open_days,
    starts_on,
};
pub use booking::{Attendee, Booking, BookingState, Host, MeetingOutcome, local, start_of_day};
pub use holidays::is_japanese_holiday;
pub use page::{Attendance, BookingPage, ClosedDays, Closures, Hours, PageSalesforce, check_page};
