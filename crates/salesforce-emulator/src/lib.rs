//! A Salesforce org in a process.

#![expect(dead_code, reason = "sign-in pages, schema control and the web view follow")]

mod connection;
mod control;
mod faults;
mod http;
mod options;
mod org;
mod request_log;
mod server;
mod sessions;
mod site;
mod soql;
mod usage;

pub use options::{Options, Seed, UnknownSeed};
pub use server::{Emulator, Handle, StartError};
