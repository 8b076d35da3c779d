//! Two-way sync of people: the rules of the merge as tables, and its model under faults.

mod fields;
mod history;
mod merge;
mod model;
mod org;
mod partner;
mod settings;
