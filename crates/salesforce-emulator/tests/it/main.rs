//! Stories told to a running emulator over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod activities;
mod faults;
mod harness;
mod records;
mod seeds;
