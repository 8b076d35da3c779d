//! Storage on SQLite and on a real PostgreSQL; every test runs on both.

#![expect(clippy::unwrap_used, reason = "in a test, what fails has to fail loudly")]

mod accounts_at_once;
mod attempts;
mod backups;
mod bookings;
mod connections;
mod database;
mod engagement_members;
mod key_rotation;
mod lists;
mod mailings;
mod mirror;
mod moving;
mod org_leases;
mod org_requests;
mod outbox;
mod releases;
mod routers;
mod segments;
mod settings;
mod support;
mod wake;
mod watching;
