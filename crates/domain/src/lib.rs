//! What Tsugite decides, as types and pure functions: no async, I/O, clock or randomness.
//!
//! Callers hand in what was found and what time it is; they get back a plan and, step by step, the
//! reasons for it. Requirement numbers (K5, C6, …) name the behaviours of the product's specification.

pub mod booking;
pub mod brand;
pub mod company;
pub mod condition;
pub mod delivery;
pub mod engagement;
pub mod form;
pub mod list;
pub mod mailing;
pub mod mirror;
pub mod notification;
pub mod org;
pub mod people;
pub mod router;
pub mod run;
pub mod segment;
pub mod synced_fields;
pub mod tag;
pub mod value;
pub mod workspace;
