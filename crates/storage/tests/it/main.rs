//! Storage on SQLite and on a real PostgreSQL: every story is told on both.

mod bookings;
mod connections;
mod database;
mod lanes;
mod support;
