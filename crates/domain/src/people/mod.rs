//! People, and what keeps them equal with the org's Leads and Contacts (S).

mod accept;
mod after_write;
mod consent;
mod convert;
mod elect;
mod field_mapping;
mod filter;
mod import_row;
mod keys;
mod known_values;
mod link;
mod listening;
mod merge;
mod opt_out;
mod partner;
mod people_import;
mod person;
mod person_field;
mod person_fields;
mod person_merge;
mod review;
mod settings;
mod settle;
mod sync_state;
mod value_kind;

pub use accept::{Accepted, accept};
pub use after_write::{Written, after_write};
pub use consent::{Consent, ConsentSource};
pub use convert::{VALUE_REFUSALS, remote_text, remote_value, to_local, to_remote};
pub use elect::{Candidate, elect};
pub use field_mapping::{MappingState, map_field};
pub use filter::{FilterOperator, FilterRule, PeopleFilter};
pub use import_row::ImportColumns;
pub use keys::{KeyChanges, change_keys};
pub use known_values::{values_of_booking, values_of_submission};
pub use link::{Attempt, Link, PersonSnapshot, RecordSnapshot, SentValue, Values};
pub use listening::ListeningState;
pub use merge::{
    Conflict, ConflictReason, ConflictRule, Convert, Direction, FieldFault, MergeField, Merged, Side, merge,
};
pub use opt_out::{OptOutChange, after_opt_out};
pub use partner::{NoPartner, Partner, choose_partner};
pub use people_import::{ImportCounts, ImportedPerson, PeopleImport};
pub use person::{EMAIL, Person, PersonObject, RecordState, Records, RemoteRecord, email_key};
pub use person_field::{PersonField, PersonFieldKind, TypeMatch, effective_direction};
pub use person_fields::{MAX_PERSON_FIELDS, PersonFields, STANDARD_PERSON_FIELDS, check_person_fields};
pub use person_merge::{KeptLoser, PersonMerge, filled_by_merge};
pub use review::{
    ALWAYS_ALLOWED, MAX_PREVIEW_LINES, PeoplePreview, PeopleReview, PreviewAction, PreviewLine, SYNC_CAUSES,
    must_ask,
};
pub use settings::{PeopleCursors, PeopleSync, PeopleSyncStart, ReadJob};
pub use settle::{SETTLE_SECONDS, Settled, settle};
pub use sync_state::{CREATED, ChangeOrigin, LinkState};
pub use value_kind::ValueKind;
