//! Questions, their answers, and which Salesforce field an answer may fill (K15, K16).

mod answer;
mod answers;
mod check_form;
mod conversion;
mod form;
mod mapping;
mod question;
mod routing;
mod show_when;
mod spam;
mod submission;
mod typed;
mod visibility;

pub use answer::{Answer, Answers};
pub use answers::check_answers;
pub use check_form::{check_form, check_publishable, constant_value, is_fillable, with_lengths};
pub use conversion::{Converted, DroppedValue, convert};
pub use form::{
    AfterSubmission, ConstantValue, ExistingRecord, Form, FormCampaign, FormSalesforce, RecordOwner,
    WordingInBoth,
};
pub use mapping::{FieldMapping, check_mappings, is_allowed, may_map};
pub use question::{
    AskedOn, FieldKind, FormField, HiddenSource, MAX_LINE, MAX_TEXT, NAME_PARTS, check_fields, check_text,
    is_key,
};
pub use routing::{ROUTING, is_text_for_routing, may_hold_routing, routing_value};
pub use show_when::{AnswerOperator, ShowWhen};
pub use spam::{SpamSign, asks_for_work, is_quarantined, signs_in_answers};
pub use submission::{
    GivenConsent, Submission, SubmissionState, consents_of, content_of, email_of, questions_of,
};
pub use typed::email_code;
pub use visibility::{is_shown, shown_keys};
