//! The tag: its switch and settings, and what to do with what it reports.

pub mod arrivals;
pub mod entries;
pub mod page_token;
pub mod settings;
pub mod site;
mod switch;

pub(crate) use switch::{switch_visitor_tag, text_to_paste};
