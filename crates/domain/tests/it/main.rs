//! The rules as tables, each row a case of the specification.

mod assignee;
mod availability;
mod campaign_and_rescue;
mod conversions;
mod inputs;
mod matching;
mod page_records;
mod support;
mod type_table;
