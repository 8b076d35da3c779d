//! Deliveries and the timeline.

pub mod deliveries;
pub mod timeline;
