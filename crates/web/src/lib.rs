//! The console, the public booking pages and the REST API.
//!
//! It never calls Salesforce but to connect and disconnect: everything else it stores, and the engine does it.

pub mod actions;
pub mod api;
pub mod auth;
pub mod console;
pub mod http;
pub mod public;
pub mod router;
pub mod state;
pub mod text;
pub mod trusted_proxies;
pub mod ui;

pub use crate::router::{health_router, router};
pub use crate::state::{AppState, WebSettings};
pub use crate::text::notification_text::message_text as notification_message_text;
pub use crate::trusted_proxies::TrustedProxies;
