//! Stories told to a running emulator over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod activities;
mod bulk;
mod bulk_ingest;
mod bulk_query;
mod conformance;
mod discovery;
mod duplicates;
mod errors;
mod faults;
mod harness;
mod oauth;
mod pages;
mod recordings;
mod records;
mod seeds;
mod setup;
mod soql;
mod soql_reference;
