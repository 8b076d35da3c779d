//! People, and what keeps them equal with the org's Leads and Contacts (S).

mod accept;
mod after_write;
mod convert;
mod elect;
mod keys;
mod link;
mod merge;
mod opt_out;
mod person_field;
mod settle;
mod value_kind;

pub use accept::{Accepted, accept};
pub use after_write::{Written, after_write};
pub use convert::{remote_text, remote_value, to_local, to_remote};
pub use elect::{Candidate, elect};
pub use keys::{KeyChanges, change_keys};
pub use link::{Attempt, Link, PersonSnapshot, RecordSnapshot, SentValue, Values};
pub use merge::{
    Conflict, ConflictReason, ConflictRule, Convert, Direction, FieldFault, MergeField, Merged, Side, merge,
};
pub use opt_out::{OptOutChange, after_opt_out};
pub use person_field::{PersonField, PersonFieldKind, TypeMatch, effective_direction};
pub use settle::{SETTLE_SECONDS, Settled, settle};
pub use value_kind::ValueKind;
