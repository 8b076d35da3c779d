//! Everything that happens in time: deliveries, token refresh, preflight, dry runs and messages to people.
//!
//! A delivery round goes: look up → decide → record the attempt → write → settle. One round takes two
//! calls, for one booking or for two hundred.

mod channel;
mod company;
pub mod delivery;
mod engagement;
mod engine;
mod form;
mod mailing;
mod mirror;
mod notification;
mod org;
mod org_request;
mod people;
mod router;
mod run;
mod synced_fields;
mod tag;
mod worker;

pub use crate::channel::mail::{MailServer, MailServerError};
pub use crate::channel::renderer::Renderer;
pub use crate::engine::{Engine, EngineSettings};
pub use crate::worker::poll::run;
