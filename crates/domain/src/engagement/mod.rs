//! Account Engagement lists, and which rule a visitor meets (E).

mod match_rule;
mod settings;

pub use match_rule::{ListVerdict, Memberships, first_rule};
pub use settings::{
    BusinessUnitCheck, EngagementList, EngagementLists, ListRule, ListsInput, MAX_RULES, RuleInput,
    check_input, find_lists, find_targets, is_unit_id, suggest,
};
