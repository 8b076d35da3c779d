//! Tests of the public API: tables, recorded responses, and servers that misbehave.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod auth;
mod bulk_query;
mod cells;
mod change_events;
mod composite;
mod csv;
mod engagement;
mod errors;
mod fixtures;
mod generated_code;
mod hosts;
mod ids;
mod interruptions;
mod jwt;
mod org;
mod query_pages;
mod recorded;
mod replication;
mod server;
mod soql;
mod transport;
mod transports_agree;
