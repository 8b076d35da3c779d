//! The stories of `conformance/`, run against the emulator and, on request, against a real org.

mod coverage;
mod runner;
mod shape;
mod stories;
mod story;
mod target;
