//! The org over HTTP: thin routes, one file an API family.

mod answer;
mod batch;
mod bulk;
mod call;
mod collections;
mod columns;
mod composite;
pub(crate) mod cursors;
mod data;
mod describe;
mod engagement;
mod error;
mod frame;
mod limits;
pub(crate) mod oauth;
mod query;
mod recent;
mod replication;
mod route;
mod router;
mod soap;
mod sobjects;
mod tooling;
mod upsert;
mod versions;

pub(crate) use router::router;
