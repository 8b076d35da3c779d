//! The rules as tables, each row a case of the specification.

#![expect(
    clippy::unwrap_used,
    clippy::type_complexity,
    reason = "tables, in which what fails has to fail loudly"
)]

mod assignee;
mod availability;
mod brand;
mod campaign_and_rescue;
mod company_import;
mod conversions;
mod engagement_lists;
mod field_labels;
mod forms;
mod holidays;
mod inputs;
mod mailing;
mod matching;
mod notifications;
mod page_records;
mod people;
mod pulling;
mod router_decision;
mod router_editor;
mod router_fairness;
mod router_lists;
mod router_search;
mod segments;
mod sites;
mod support;
mod synced_fields;
mod tag_conversion;
mod tag_diagnosis;
mod type_table;
