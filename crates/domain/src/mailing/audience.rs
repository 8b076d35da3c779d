//! To whom a mailing goes.

use crate::value::SegmentId;
use serde::{Deserialize, Serialize};

/// To whom a mailing goes. People who refuse mail, and addresses that can't be reached, are always left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// Everybody with an address.
    #[default]
    Everyone,
    /// Those whom a segment has when the mailing begins.
    Segment {
        /// The segment.
        segment: SegmentId,
    },
}

impl Audience {
    /// The word in the API and for the catalogues.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Segment { .. } => "segment",
        }
    }
}
