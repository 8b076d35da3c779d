//! One job that answers a query.

use std::sync::Arc;

use crate::bulk::job::{Head, Job};
use crate::bulk::query::columns::Found;

/// One job that answers a query.
#[derive(Clone, Debug)]
pub(crate) struct QueryJob {
    /// What every job has.
    pub(crate) head: Head,
    /// The query.
    pub(crate) soql: String,
    /// Whether deleted records are found too.
    pub(crate) all_rows: bool,
    /// What has been found.
    pub(crate) found: Option<Arc<Found>>,
}

impl Job for QueryJob {
    fn head(&self) -> &Head {
        &self.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}
