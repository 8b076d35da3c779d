//! Deliveries and the timeline.

pub mod deliveries;
pub mod ignored;
pub mod timeline;
