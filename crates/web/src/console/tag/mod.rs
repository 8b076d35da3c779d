//! The tag on the website: its settings, what it recognised, and why a dialog does not open.

pub mod conversion;
pub mod conversions;
pub mod form;
pub mod inputs;
pub mod inspect;
pub mod lines;
pub mod night;
pub mod seen;
pub mod settings;
pub mod why;
