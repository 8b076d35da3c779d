//! The tag: its switch and settings, and what to do with what it reports.

pub mod arrivals;
pub mod booked;
pub mod dialog;
pub mod entries;
pub mod handle;
pub mod identity_proof;
pub mod inspector;
pub mod offer;
pub mod page_token;
pub mod routed_visit;
pub mod settings;
pub mod site;
pub mod slots;
mod switch;
pub mod visitors;
pub mod visits;
pub mod why;

pub(crate) use switch::{switch_visitor_tag, text_to_paste};
