//! The pages, called through the router over a separate database.
#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod api;
mod api_keys;
mod audit_entries;
mod booking;
mod catalogue;
mod company_setup;
mod connection_page;
mod console;
mod daily_pages;
mod engagement_lists;
mod forms;
mod frame;
mod headers;
mod lists;
mod live;
mod mailings;
mod page_editor;
mod people;
mod request_span;
mod route_matrix;
mod routed_bookings;
mod router_editor;
mod router_lists;
mod routes;
mod segments;
mod signed_in;
mod support;
mod synced_fields;
mod tag;
mod turns;
mod typed_text;
mod visitors;
mod word_families;
