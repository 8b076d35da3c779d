//! The stories of `conformance/`, told to the emulator and, when asked for, to a real org.

mod coverage;
mod shape;
mod stories;
mod story;
mod target;
mod teller;
