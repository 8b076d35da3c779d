//! The engine's decisions as tables, and its round against an emulated org.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a failure here is a failed test")]

mod any_subject;
mod batch;
mod fixtures;
mod org;
mod read_back;
mod round_edges;
mod settle;
