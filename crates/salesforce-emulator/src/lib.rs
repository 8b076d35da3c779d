#![doc = include_str!("../README.md")]

mod bulk;
mod connection;
mod control;
mod cursors;
mod data_file;
mod device_codes;
mod engagement;
mod faults;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod in_flight;
mod lock;
mod options;
mod org;
mod pages;
mod request_log;
mod server;
mod sessions;
mod soql;
mod sosl;
mod start_error;
mod state;
mod usage;

pub use options::{Options, Seed, UnknownSeed};
pub use server::{Emulator, Handle};
pub use start_error::StartError;

/// A recorded answer of a real org, when the recordings lie beside the repository.
#[cfg(test)]
fn shared_fixture(name: &str) -> Option<serde_json::Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = std::env::var("TSUGITE_SHARED").unwrap_or_else(|_| beside.to_owned());
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("fixtures").join(name)).ok()?;
    serde_json::from_str(&text).ok()
}
