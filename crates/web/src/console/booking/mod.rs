//! Bookings and booking pages.

pub mod detail;
pub mod field_suggestions;
pub mod list;
pub mod page_editor;
pub mod page_form;
pub mod page_inputs;
pub mod page_rows;
pub mod pages;
