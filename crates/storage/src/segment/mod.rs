//! Segments of people: their conditions, what they compare of each person, and who belongs to them (S14).

mod columns;
pub mod context;
pub mod facts;
mod matching;
pub mod members;
pub mod segments;
pub mod values;
