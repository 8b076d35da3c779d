//! The rules as tables, each row a case of the specification.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "in a test, what fails has to fail loudly")]

mod assignee;
mod availability;
mod campaign_and_rescue;
mod conversions;
mod inputs;
mod matching;
mod page_records;
mod support;
mod type_table;
