//! Messages to the people of a workspace (N1).

use crate::notification::Notice;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// One message to the people of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMessage {
    /// Its id.
    pub id: crate::value::InboxMessageId,
    /// What happened.
    pub notice: Notice,
    /// When.
    pub at: Timestamp,
    /// Someone has seen it.
    pub read: bool,
}
