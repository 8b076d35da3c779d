//! The org over HTTP: thin routes, one file an API family.

mod answer;
mod authentication;
mod batch;
mod bulk;
mod call;
mod collections;
mod columns;
mod composite;
mod conditions;
mod data;
mod describe;
mod dispatch;
mod engagement;
mod error;
mod explain;
mod extensions;
mod layouts;
mod limits;
mod middleware;
pub(crate) mod oauth;
mod query;
mod quick_actions;
mod recent;
mod record_access;
mod replication;
mod route;
mod router;
mod search;
mod soap;
mod sobjects;
mod tooling;
mod upsert;
mod versions;
mod viewed;
mod xml;

pub(crate) use router::router;
