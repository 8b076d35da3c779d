//! Messages to the people of a workspace (N1).

use crate::value::{Step, Timestamp};
use serde::{Deserialize, Serialize};

/// One message; its sentence is in the catalogues under `notice-{message.code}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMessage {
    /// Its id.
    pub id: crate::value::NoticeId,
    /// What happened: `connection-released`, `delivery-failed`, …
    pub message: Step,
    /// When.
    pub at: Timestamp,
    /// Somebody has seen it.
    pub read: bool,
}
