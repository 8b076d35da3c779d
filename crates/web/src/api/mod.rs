//! The REST API under `/api/v1`: one file an endpoint family.

pub mod booking;
pub mod company;
pub mod delivery;
pub mod engagement;
pub mod examples;
pub mod form;
pub mod health;
pub mod mailing;
pub mod notification;
pub mod openapi;
pub mod org;
pub mod org_problem;
pub mod people;
pub mod refusals;
pub mod router;
pub mod run;
pub mod run_refusal;
pub mod segment;
pub mod synced_fields;
pub mod tag;
pub mod value;
pub mod workspace;
