//! People, and what keeps them equal with the org's Leads and Contacts (S).

mod accept;
mod after_write;
mod elect;
mod link;
mod merge;
mod settle;
mod value_kind;

pub use accept::{Accepted, accept};
pub use after_write::{Written, after_write};
pub use elect::{Candidate, elect};
pub use link::{Attempt, Link, PersonSnapshot, RecordSnapshot, SentValue, Values};
pub use merge::{
    Conflict, ConflictReason, ConflictRule, Convert, Direction, FieldFault, MergeField, Merged, Side, merge,
};
pub use settle::{SETTLE_SECONDS, Settled, settle};
pub use value_kind::ValueKind;
