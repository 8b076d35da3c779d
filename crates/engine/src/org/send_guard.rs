//! The look at the lease directly before each send (Q1, Q5).

use crate::engine::Engine;
use crate::org::connected::Org;
use salesforce::{Client, SendDeadline};
use storage::StorageError;
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;

/// Lets nothing be sent that could arrive after the lease's end.
///
/// A node can stand still at any point: stopped, suspended, starved. What it sends afterwards would come on top of
/// what the lease's next holder has read back and done anew. So the lease is looked at before each send, and the
/// request's body looks at the clock once more in the instant in which it goes out.
pub(crate) struct SendGuard<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) lease: OrgLease,
}

impl SendGuard<'_> {
    /// A client for the next send; [`StorageError::LeaseLost`] when the lease is another's.
    pub(crate) async fn client(&self, org: &Org) -> Result<Client, StorageError> {
        let timeout = self.engine.settings.request_timeout;
        let mut deadline = SendDeadline::begin();
        let mut left =
            org_lease::time_left(&self.engine.database.read(), self.lease).await?.unwrap_or_default();
        if left <= timeout {
            deadline = SendDeadline::begin();
            let write = self.engine.database.write().await?;
            org_lease::renew(&write, self.lease, self.engine.lease()).await?;
            write.commit().await?;
            left = self.engine.lease();
        }
        Ok(org.client.clone().with_deadline(deadline.lasting(left.saturating_sub(timeout))))
    }
}
