//! A client for Salesforce whose answers say what is known: done, refused or unknown.
//!
//! [`Client`] calls one org with one access token. It neither retries nor refreshes: each call gives one
//! [`Response`] or one [`Error`], and [`Error::may_have_acted`] tells whether a write could have taken effect.
//! Modules are named as the vendor's documentation names the resources.
//!
//! Rows by the thousand come from [`Client::query_pages`], by the million from [`bulk_query`]; both count what they
//! give out, go on after any interruption, and give the same [`cells::Cell`]s for the same record.
//!
//! What changes in the org is told by [`change_events`], seconds after it did.
//!
//! ```no_run
//! # async fn example(client: salesforce::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use salesforce::soql::{Condition, Select};
//! use salesforce::{CompositeRequest, Subrequest};
//!
//! let email = Condition::is_in("Email", ["o'neil@example.com"]);
//! let mut request = CompositeRequest::new();
//! request.push("leads", Subrequest::query(&Select::from("Lead").field("Id").filter(email).build()?))?;
//! request.push("fields", Subrequest::describe("Lead", None))?;
//! let answer = client.composite(&request).await?;
//! let leads = answer.value.get("leads")?.query_page()?;
//! # Ok(()) }
//! ```

mod api_error;
pub mod auth;
pub mod bulk_query;
pub mod cells;
pub mod change_events;
mod client;
mod collections;
mod composite;
pub mod csv;
mod deadline;
mod describe;
pub mod engagement;
mod error;
mod field;
mod hosts;
mod http_client;
mod id;
mod identity;
mod limits;
mod query;
mod query_batch;
mod query_options;
mod query_page;
mod query_pages;
mod record;
mod replication;
mod response;
mod save;
mod sobjects;
pub mod soql;
mod stream;
mod traffic;
mod version;
mod write_options;

pub use crate::api_error::{ApiError, DuplicateMatch};
pub use crate::client::Client;
pub use crate::collections::MAX_RECORDS;
pub use crate::composite::{CompositeError, CompositeRequest, CompositeResponse, SubResult, Subrequest};
pub use crate::deadline::SendDeadline;
pub use crate::describe::{Describe, Described, RecordTypeInfo};
pub use crate::error::{Error, Limit};
pub use crate::field::{Field, FieldType, PicklistValue};
pub use crate::hosts::{AllowedHosts, Environment, HostError};
pub use crate::http_client::http_client;
pub use crate::id::{IdError, SalesforceId};
pub use crate::identity::{Organization, UserInfo};
pub use crate::limits::{Allowance, Limits};
pub use crate::query_options::QueryOptions;
pub use crate::query_page::QueryPage;
pub use crate::query_pages::{QueryPages, QueryPagesError, QueryPosition};
pub use crate::record::Record;
pub use crate::replication::{DELETED_DAYS, Deleted, DeletedRecord, UPDATED_DAYS, Updated};
pub use crate::response::{ApiUsage, Response};
pub use crate::save::SaveResult;
pub use crate::traffic::Traffic;
pub use crate::version::{ApiVersion, VersionError};
pub use crate::write_options::{AutoAssign, WriteOptions};
