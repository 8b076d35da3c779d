//! What is written to Salesforce for a booking or a submission, and why (K1–K21, F1–F4).

mod assignee;
pub mod campaign_member;
mod delivery;
mod external_id;
pub mod form_record;
pub mod marker;
mod match_person;
mod need;
pub mod page_records;
mod plan;
mod preflight;
mod retry;
mod search_again;
mod settings;
mod subject;
pub mod todo;
mod write;

pub use assignee::{OrgUser, event_assignee, todo_assignee};
pub use delivery::{DeliveredRecord, Delivery, DeliveryKind, DeliveryState, OpenAttempt, RecordAction};
pub use external_id::{EXTERNAL_ID_FIELD, ExternalIdState, external_id_field, external_id_state};
pub use match_person::{
    Candidate, FoundRecord, NEW_LEAD, NEW_LEAD_OWNER, Owner, PersonObject, find_person, newest, newest_record,
};
pub use need::{Need, OwnSearch};
pub use plan::{DeliveryPlan, FollowUp};
pub use preflight::{
    CAMPAIGN_MEMBER_FIELDS, Check, EVENT_FIELDS, LEAD_FIELDS, TASK_FIELDS, Verdict, check_external_ids,
    check_form_accepted, check_object, check_page_mappings, check_required_lead_fields,
};
pub use retry::{FailureClass, ORG_MAY_STILL_ACT_SECONDS, Retry, after_failure};
pub use search_again::search_again;
pub use settings::{
    CAMPAIGN_LAG_MINUTES, CampaignSettings, RescueSettings, SalesforceSettings, SearchOrder, TodoSettings,
    check_settings,
};
pub use subject::{Subject, SubjectKind};
pub use write::{Assignment, Fields, OnDuplicate, Operation, RecordOfWrite, Recovery, Write};
