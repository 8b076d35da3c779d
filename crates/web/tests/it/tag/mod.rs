//! The tag on a customer's website, as its pages call the server.

mod entries;
mod website;
