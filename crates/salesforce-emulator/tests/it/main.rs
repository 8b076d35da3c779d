//! Tests of a running emulator over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod activities;
mod bulk;
mod bulk_ingest;
mod bulk_ingest_jobs;
mod bulk_query;
mod change_events;
mod composite_graph;
mod conformance;
mod discovery;
mod duplicates;
mod engagement;
mod engagement_lists;
mod errors;
mod faults;
mod fields;
mod harness;
mod invalid_requests;
mod oauth;
mod objects;
mod pages;
mod permissions;
mod recordings;
mod records;
mod recycle_bin;
mod rest;
mod search;
mod seeds;
mod setup;
mod soap;
mod soql;
mod soql_reference;
