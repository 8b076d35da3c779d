//! What is to be written in Salesforce, decided before anything is sent.

use crate::value::{Step, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Field values of one record, by API name, in the order in which they are sent.
pub type Fields = Map<String, Value>;

/// One write to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "write")]
pub enum Write {
    /// Make a record.
    Create {
        /// The object's API name.
        object: String,
        /// What it holds.
        fields: Fields,
    },
    /// Change a record.
    Update {
        /// The object's API name.
        object: String,
        /// Which record.
        id: String,
        /// What is set.
        fields: Fields,
    },
}

impl Write {
    /// The object's API name.
    pub fn object(&self) -> &str {
        match self {
            Self::Create { object, .. } | Self::Update { object, .. } => object,
        }
    }

    /// The values to set.
    pub fn fields(&self) -> &Fields {
        match self {
            Self::Create { fields, .. } | Self::Update { fields, .. } => fields,
        }
    }

    /// The values to set, to change them.
    pub fn fields_mut(&mut self) -> &mut Fields {
        match self {
            Self::Create { fields, .. } | Self::Update { fields, .. } => fields,
        }
    }
}

/// What comes after the writes of a plan have succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FollowUp {
    /// The delivery is done.
    Finish,
    /// The person isn't there yet: look again then (K9).
    SearchAgain {
        /// When to look.
        at: Timestamp,
        /// When to give up.
        until: Timestamp,
    },
}

/// A decision: what to write, what comes then, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryPlan {
    /// The writes; none when there is nothing to do.
    pub writes: Vec<Write>,
    /// What comes when they are written.
    pub follow_up: FollowUp,
    /// The reasons, step by step.
    pub steps: Vec<Step>,
}

impl DeliveryPlan {
    /// Nothing to write, and why.
    pub fn nothing(steps: Vec<Step>) -> Self {
        Self { writes: Vec::new(), follow_up: FollowUp::Finish, steps }
    }
}
