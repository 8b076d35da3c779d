//! A Salesforce org in a process.

mod connection;
mod control;
mod data_file;
mod faults;
mod http;
mod options;
mod org;
mod pages;
mod request_log;
mod server;
mod sessions;
mod site;
mod soql;
mod usage;

pub use options::{Options, Seed, UnknownSeed};
pub use server::{Emulator, Handle, StartError};
