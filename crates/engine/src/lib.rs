//! Everything that happens in time: deliveries, token refresh, preflight, dry runs and messages to people.
//!
//! A delivery round goes: look up → decide → record the attempt → write → settle. One round takes two
//! calls, for one booking or for two hundred.

mod adoption;
mod batch;
mod company_filter;
mod company_preview;
mod decide;
mod describe;
mod dry_run;
mod engagement;
mod engine;
mod inquiries;
mod lookup;
mod notify;
mod org;
mod preflight;
mod readback;
mod refresh;
mod release;
mod round;
mod runner;
mod settle;
mod trying_again;
mod usage;
mod write;

pub use engine::{Engine, EngineSettings};
pub use notify::{MailServer, MailServerError, Renderer};
pub use runner::run;
