//! Change data capture: what a transaction changed becomes events, which are kept for three days.

mod avro;
mod bitmap;
mod capture;
mod change_type;
mod event;
mod event_bus;
mod field;
mod quota;
mod schema;
#[cfg(test)]
mod tests;
mod topic;
mod visibility;

pub(crate) use change_type::ChangeType;
pub(crate) use event::ChangeEvent;
pub(crate) use event_bus::{EventBus, ReplayError};
pub(crate) use schema::EventSchema;
pub(crate) use topic::{Topic, event_name};
