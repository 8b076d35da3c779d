//! Reading from Account Engagement, API version 5 (contract 8).
//!
//! ```no_run
//! # async fn example(http: reqwest::Client, token: secrecy::SecretString)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! use salesforce::engagement::{EngagementClient, EngagementHost, EngagementObject, EngagementQuery};
//!
//! let unit = "0Uv5g0000008OVCCA2".parse()?;
//! let client = EngagementClient::new(http, &EngagementHost::Production, token, unit);
//! let members = EngagementQuery::of(EngagementObject::ListMemberships, ["prospectId"]).filter("listId", 42);
//! let mut pages = client.query_pages(members);
//! while let Some(page) = pages.next().await? {
//!     println!("{} members", page.value.len());
//! }
//! # Ok(()) }
//! ```

mod business_unit;
mod client;
mod error;
mod host;
mod pages;
mod query;

pub use business_unit::{BusinessUnitId, BusinessUnitIdError};
pub use client::{EngagementClient, EngagementPage};
pub use error::EngagementError;
pub use host::EngagementHost;
pub use pages::EngagementPages;
pub use query::{EngagementObject, EngagementQuery};
