//! Change events by the Pub/Sub API: which records changed, seconds after they did (contract 7, two-way sync 1).
//!
//! Events are hints. Only their headers are read: which records to read again, and why. What an event holds is never
//! taken for the record's state, and whoever misses events loses nothing but time.
//!
//! ```no_run
//! # async fn example(token: secrecy::SecretString) -> Result<(), Box<dyn std::error::Error>> {
//! use salesforce::change_events::{ALL_CHANGES, ChangeEventsClient, PubSubEndpoint, StartAt};
//!
//! let instance = "https://example.my.salesforce.com".parse()?;
//! let organization = "00D5g000005HxXAEA0".parse()?;
//! let client = ChangeEventsClient::new(&PubSubEndpoint::Global, &instance, token, organization)?;
//! let mut changes = client.subscribe(ALL_CHANGES, StartAt::Latest);
//! while let Some(batch) = changes.next().await? {
//!     for event in &batch.events {
//!         println!("{} {:?}", event.header.entity_name, event.header.records());
//!     }
//!     // Kept once the events are processed; a sign of life without events moves it too.
//!     let position = batch.replay_id;
//! }
//! # Ok(()) }
//! ```

mod avro;
mod client;
mod endpoint;
mod error;
#[rustfmt::skip]
#[expect(
    clippy::allow_attributes_without_reason, clippy::doc_lazy_continuation, unreachable_pub,
    unused_qualifications, reason = "generated from Salesforce's proto file"
)]
mod eventbus;
mod header;
mod replay;
mod schema;
mod schemas;
mod subscription;

pub use client::{ALL_CHANGES, ChangeEventsClient};
pub use endpoint::PubSubEndpoint;
pub use error::{ChangeEventsError, Remedy};
pub use header::{ChangeEventHeader, ChangeType, ChangedRecords};
pub use replay::{ReplayId, StartAt};
pub use subscription::{ChangeBatch, ChangeEvent, ChangeSubscription};
