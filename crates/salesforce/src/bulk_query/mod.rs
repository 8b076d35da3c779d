//! Query jobs of Bulk API 2.0 (contract 4.3).
//!
//! ```no_run
//! # async fn example(client: salesforce::Client, columns: salesforce::cells::Columns)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! use salesforce::bulk_query::QueryOperation;
//!
//! let made = client.create_query_job("SELECT Id, Email FROM Lead", QueryOperation::Query).await?;
//! let job = client.wait_for_query_job(&made.value.id).await?;
//! let mut rows = client.query_job_rows(&job.value, columns)?;
//! while rows.advance().await? {
//!     for cell in rows.cells() {
//!         println!("{:?}", cell?);
//!     }
//! }
//! client.delete_query_job(&job.value.id).await?;
//! # Ok(()) }
//! ```

mod error;
mod job;
mod job_state;
mod page;
mod position;
mod prefetch;
mod results;
mod rows;
mod wait;

pub use error::BulkQueryError;
pub use job::{QueryJob, QueryOperation};
pub use job_state::JobState;
pub use position::BulkPosition;
pub use results::QueryResults;
pub use rows::BulkRows;
pub use wait::poll_pause;
