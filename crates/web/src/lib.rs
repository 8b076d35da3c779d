//! The console, the public booking pages and the REST API.
//!
//! It never calls Salesforce but to connect and disconnect: everything else it stores, and the engine does it.

pub mod api;
pub mod assets;
pub mod booking_request;
pub mod catalogue;
mod companies;
mod company_descriptions;
mod company_importing;
pub mod connect_error;
pub mod connecting;
pub mod console;
mod engaging;
pub mod extract;
pub mod inquiry;
mod notification_text;
mod notifying;
pub mod pages;
pub mod password;
pub mod public;
mod refusal;
pub mod retrying;
pub mod router;
pub mod state;
mod syncing;

pub use notification_text::message_text as notification_message_text;
pub use router::router;
pub use state::{AppState, WebSettings};
