//! Segments of people: making and changing them, who belongs to them, and why (S14).

pub mod editor;
pub mod list;
pub mod members;
mod names;
mod rows;
pub mod why;
mod words;
