//! One delivery on its way through a round, with what it needs and how it decides.

use crate::delivery::lookup_result::LookupResult;
use domain::delivery::{Delivery, DeliveryPlan, Need, SalesforceSettings};
use domain::value::Timestamp;
use std::fmt;
use std::sync::Arc;
use storage::workspace::workspaces::Workspace;

/// What every decision of a round may look at beside its own delivery.
#[derive(Clone, Copy, Debug)]
pub struct DecisionContext<'a> {
    /// What was looked up.
    pub found: &'a LookupResult,
    /// The workspace's settings of what is written.
    pub settings: &'a SalesforceSettings,
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Now.
    pub now: Timestamp,
}

/// Decides what a delivery writes, once everything that it needs has been looked up.
pub type Decide = Arc<dyn Fn(&Delivery, &DecisionContext<'_>) -> DeliveryPlan + Send + Sync>;

/// One delivery, what its decision needs to know, and the decision.
#[derive(Clone)]
pub struct DeliveryJob {
    /// The delivery.
    pub delivery: Delivery,
    /// What is looked up for it.
    pub needs: Vec<Need>,
    /// What it writes then.
    pub decide: Decide,
}

impl fmt::Debug for DeliveryJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivery, needs, decide: _ } = self;
        f.debug_struct("DeliveryJob")
            .field("delivery", delivery)
            .field("needs", needs)
            .finish_non_exhaustive()
    }
}
