//! The tag on a customer's website, as its pages call the server.

mod console;
mod dialog;
mod entries;
mod routed;
mod routed_visits;
mod visits;
mod website;
