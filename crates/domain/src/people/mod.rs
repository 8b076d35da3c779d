//! People, and what keeps them equal with the org's Leads and Contacts (S).

mod accept;
mod after_write;
mod convert;
mod elect;
mod keys;
mod link;
mod merge;
mod opt_out;
mod partner;
mod person;
mod person_field;
mod settings;
mod settle;
mod sync_state;
mod value_kind;

pub use accept::{Accepted, accept};
pub use after_write::{Written, after_write};
pub use convert::{VALUE_REFUSALS, remote_text, remote_value, to_local, to_remote};
pub use elect::{Candidate, elect};
pub use keys::{KeyChanges, change_keys};
pub use link::{Attempt, Link, PersonSnapshot, RecordSnapshot, SentValue, Values};
pub use merge::{
    Conflict, ConflictReason, ConflictRule, Convert, Direction, FieldFault, MergeField, Merged, Side, merge,
};
pub use opt_out::{OptOutChange, after_opt_out};
pub use partner::{NoPartner, Partner, choose_partner};
pub use person::{EMAIL, Person, PersonObject, RecordState, Records, RemoteRecord, email_key};
pub use person_field::{PersonField, PersonFieldKind, TypeMatch, effective_direction};
pub use settings::{
    MAX_PERSON_FIELDS, PeopleCursors, PeopleSync, PeopleSyncStart, PersonFields, STANDARD_PERSON_FIELDS,
    check_person_fields,
};
pub use settle::{SETTLE_SECONDS, Settled, settle};
pub use sync_state::{ChangeOrigin, LinkState};
pub use value_kind::ValueKind;
